import { z } from 'zod';
import { components } from './components.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

const OPTIONS = {
  // What is sent: of answers the same as what is had, and open to members that come with later versions.
  io: 'input',
  target: 'draft-2020-12',
  unrepresentable: 'any',
  uri: reference,
  override: ({ jsonSchema }: { jsonSchema: Record<string, unknown> }) => {
    // The bounds of doubles tell nothing.
    if (jsonSchema['minimum'] === Number.MIN_SAFE_INTEGER) delete jsonSchema['minimum'];
    if (jsonSchema['maximum'] === Number.MAX_SAFE_INTEGER) delete jsonSchema['maximum'];
  },
} as const;

/** Zod's schemas as JSON Schema, converted all at once: one by one it would take ten times as long. */
export class JsonSchemas {
  /** Those with names, which the others refer to by them. */
  readonly named: Readonly<Record<string, JsonSchema>>;
  private readonly known = new Map<z.ZodType, JsonSchema>();

  /** @param schemas those that will be asked for */
  constructor(schemas: Iterable<z.ZodType>) {
    const registry = z.registry<{ id: string }>();
    for (const [id, schema] of components) {
      this.known.set(schema, { $ref: reference(id) });
      registry.add(schema, { id });
    }
    const others = [...new Set(schemas)].filter((schema) => !this.known.has(schema));
    // Copies: one that is a part of another as well would become a reference there.
    for (const [index, schema] of others.entries()) registry.add(schema.clone(), { id: nameOf(index) });
    const converted = z.toJSONSchema(registry, OPTIONS).schemas as Record<string, JsonSchema>;
    this.named = Object.fromEntries([...components.keys()].map((id) => [id, bare(converted[id]!)]));
    for (const [index, schema] of others.entries()) this.known.set(schema, bare(converted[nameOf(index)]!));
  }

  /** A reference where it has a name. */
  of(schema: z.ZodType): JsonSchema {
    return this.known.get(schema)!;
  }
}

function nameOf(index: number): string {
  return `anonymous-${index}`;
}

function reference(id: string): string {
  return `#/components/schemas/${id}`;
}

function bare({ $schema: _schema, $id: _id, ...schema }: JsonSchema): JsonSchema {
  return schema;
}
