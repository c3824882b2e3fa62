import type { z } from 'zod';
import { JsonSchemas, type JsonSchema } from './json-schemas.js';
import type { Answer, Operation, Tag } from './operation.js';
import { bodySchema, parametersOf } from './parameters.js';
import { refusalComponents, refusalsOf } from './refusals.js';

const TAGS: Readonly<Record<Tag, string>> = {
  Candles: 'Candles, whether their interval is collected or made of a shorter one.',
  Series: 'What is kept, what is known of it, and what shall be done with it.',
  Stream: 'Candles as they come.',
  Service: 'How the service is.',
  TradingView: "TradingView's UDF, for its charting library.",
  Binance: "Binance's market-data API, out of what is kept.",
};

const HEADERS: Readonly<Record<string, string>> = {
  ETag: 'Of what is answered; goes into `If-None-Match`.',
  'Cache-Control': 'Whether, and for how long, the answer may be kept.',
  Vary: 'What else of the request the answer depends on.',
  Location: 'The path of the series.',
  'X-Next': '`next` of a page that is not JSON; left out when there is no more.',
  'X-Partial': 'How many candles of a page that is not JSON are made of parts of which some are missing.',
  'X-MBX-USED-WEIGHT': 'What the client has used in this minute, as Binance reckons it.',
  'X-MBX-USED-WEIGHT-1M': 'The same.',
};

const KEYS = {
  bearer: { type: 'http', scheme: 'bearer', description: '`Authorization: Bearer <key>`' },
  apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
  binanceKey: {
    type: 'apiKey',
    in: 'header',
    name: 'X-MBX-APIKEY',
    description: "What Binance's clients send.",
  },
};

const DESCRIPTION = `Candles of crypto exchanges, kept and served.

All times are Unix milliseconds, UTC, unless said otherwise. Figures of candles are JSON numbers with exactly the digits that
the exchange sent: a parser that makes doubles of them may round them.

GET may be HEAD. Where the service has keys, each operation takes one with the scope that it names, in any of three headers;
each of \`read\`, \`write\` and \`admin\` includes those before it. Without keys reading is open to everybody, and changes are for
programs of the same host.`;

/**
 * An OpenAPI 3.1 document.
 *
 * @param version of the service
 * @see https://spec.openapis.org/oas/v3.1.1
 */
export function buildDocument(operations: readonly Operation[], version: string): JsonSchema {
  const schemas = new JsonSchemas(operations.flatMap(schemasOf));
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const operation of operations) {
    (paths[operation.path] ??= {})[operation.method] = describe(operation, schemas);
  }
  const bodies = operations.flatMap(({ body }) =>
    body ? [[body.id, bodySchema(body, schemas)] as const] : [],
  );
  return {
    openapi: '3.1.0',
    info: {
      title: 'CryptoFlow',
      version,
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: { ...schemas.named, ...Object.fromEntries(bodies) },
      responses: refusalComponents(schemas),
      securitySchemes: KEYS,
    },
  };
}

function schemasOf({ parameters, query, headers, body, answers }: Operation): z.ZodType[] {
  const sent = [parameters, query, headers, body].flatMap((part) => (part ? [part.schema] : []));
  return [...sent, ...answers.flatMap(({ content }) => content.map(({ schema }) => schema))];
}

function describe(operation: Operation, schemas: JsonSchemas): JsonSchema {
  const { id, tag, summary, description, scope, body, example, answers } = operation;
  const parameters = parametersOf(operation, schemas);
  const scopes = scope === null ? 'Open to everybody.' : `Scope: \`${scope}\`.`;
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: description === undefined ? scopes : `${description}\n\n${scopes}`,
    // Without keys nothing is asked for.
    security: scope === null ? [] : [{}, ...Object.keys(KEYS).map((key) => ({ [key]: [scope] }))],
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: body.required,
        content: {
          'application/json': {
            schema: { $ref: `#/components/schemas/${body.id}` },
            ...(example?.body !== undefined && { example: example.body }),
          },
        },
      },
    }),
    responses: {
      ...Object.fromEntries(answers.map((answer) => [answer.status, describeAnswer(answer, schemas)])),
      ...refusalsOf(operation),
    },
  };
}

function describeAnswer({ description, headers = [], content }: Answer, schemas: JsonSchemas): JsonSchema {
  const told = headers.map((name) => [name, { description: HEADERS[name], schema: { type: 'string' } }]);
  const forms = content.map(({ type, schema, example }) => [type, { schema: schemas.of(schema), example }]);
  return {
    description,
    ...(told.length > 0 && { headers: Object.fromEntries(told) }),
    ...(forms.length > 0 && { content: Object.fromEntries(forms) }),
  };
}
