import type { Note, Operation, RequestPart } from './operation.js';
import type { JsonSchema, JsonSchemas } from './json-schemas.js';

interface ObjectSchema extends JsonSchema {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

/** Query, path and headers of an operation, as the document's parameters. */
export function parametersOf(
  { parameters, query, headers, example = {} }: Operation,
  schemas: JsonSchemas,
): JsonSchema[] {
  const parts = [
    { place: 'path', part: parameters, examples: example.path },
    { place: 'query', part: query, examples: example.query },
    { place: 'header', part: headers, examples: undefined },
  ] as const;
  return parts.flatMap(({ place, part, examples }) => {
    return part ? describe(place, membersOf(part, schemas), examples) : [];
  });
}

/** The schema of a body, with what is told of its members. */
export function bodySchema(part: RequestPart, schemas: JsonSchemas): JsonSchema {
  return membersOf(part, schemas);
}

function describe(
  place: 'path' | 'query' | 'header',
  { properties, required = [] }: ObjectSchema,
  examples: Readonly<Record<string, string>> = {},
): JsonSchema[] {
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    description,
    schema,
    ...(examples[name] !== undefined && { example: examples[name] }),
  }));
}

/** @throws Error where a member has no note, or a note no member: what is told would be wrong */
function membersOf({ schema, notes }: RequestPart, schemas: JsonSchemas): ObjectSchema {
  const { properties = {}, ...rest } = schemas.of(schema) as Partial<ObjectSchema>;
  const [names, told] = [Object.keys(properties), Object.keys(notes)].map((all) => all.toSorted().join());
  if (names !== told) throw new Error(`notes on ${told} for the members ${names}`);
  const noted = Object.entries(properties).map(([name, member]) => [name, withNote(member, notes[name]!)]);
  return { ...rest, properties: Object.fromEntries(noted) as ObjectSchema['properties'] };
}

function withNote(schema: JsonSchema, { description, examples, enum: values }: Note): JsonSchema {
  return { ...schema, ...(values && { enum: values }), ...(examples && { examples }), description };
}
