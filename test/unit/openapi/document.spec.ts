import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { binanceError } from '../../../src/openapi/answers/binance.js';
import { problem } from '../../../src/openapi/answers/problem.js';
import { udfError } from '../../../src/openapi/answers/udf.js';
import { buildDocument } from '../../../src/openapi/document.js';
import type { Operation, RequestPart } from '../../../src/openapi/operation.js';
import { OPERATIONS } from '../../../src/openapi/operations/operations.js';
import {
  documentedCheck,
  exampleOf,
  operationsOf,
  type OpenApiDocument,
} from '../../support/client/document.js';

const document = buildDocument(OPERATIONS, '1.2.3') as unknown as OpenApiDocument;
const documented = operationsOf(document);
const titled = documented.map((one) => [`${one.method} ${one.path}`, one] as const);
const named = OPERATIONS.map((operation) => [`${operation.method} ${operation.path}`, operation] as const);

/** Nothing is left out and nothing is besides what the schema knows. */
function expectExactly(schema: z.ZodType, value: unknown) {
  expect(schema.parse(value)).toEqual(value);
}

it('is a valid OpenAPI 3.1 document', async () => {
  const validator = new Validator();
  const result = await validator.validate(structuredClone(document) as never);
  expect(result.errors ?? []).toEqual([]);
  expect([result.valid, validator.version]).toEqual([true, '3.1']);
  expect(document.info.version).toBe('1.2.3');
});

it('names every operation once', () => {
  const ids = documented.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(documented).toHaveLength(OPERATIONS.length);
});

it('refers only to what it has', () => {
  const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g);
  for (const [, kind, name] of references) {
    expect(document.components[kind as 'schemas'], name).toHaveProperty(name!);
  }
});

it('says what a candle is', () => {
  const check = documentedCheck(document, { $ref: '#/components/schemas/Candle' });
  const candle = [1795305600000, 14991.85, 15009.68, 14991.85, 15009.68, 8.4548];
  expect(check.safeParse(candle).success).toBe(true);
  for (const other of [candle.slice(1), [...candle, 1], candle.map(String), candle[0], {}]) {
    expect(check.safeParse(other).success, JSON.stringify(other)).toBe(false);
  }
});

it('tells what a refusal looks like in the words of each protocol', () => {
  const schemas = { Problem: problem, Udf: udfError, Binance: binanceError };
  for (const [name, { content = {} }] of Object.entries(document.components.responses)) {
    const [, schema] = Object.entries(schemas).find(([prefix]) => name.startsWith(prefix))!;
    expect(Object.keys(content)).toHaveLength(1);
    for (const { example } of Object.values(content)) expectExactly(schema, example);
  }
});

describe.each(titled)('%s', (_, { operation }) => {
  it('describes each parameter', () => {
    for (const { name, description } of operation.parameters ?? []) {
      expect(description, name).toMatch(/\S.*\.$/);
    }
  });

  it('has an example of each parameter that is required', () => {
    const { path, query } = exampleOf(operation);
    const missing = (operation.parameters ?? []).filter(
      ({ name, required }) => required && path[name] === undefined && query[name] === undefined,
    );
    expect(missing).toEqual([]);
  });

  it('tells its scope, and what comes instead of an answer', () => {
    expect(operation.description).toMatch(/Scope: `(read|write|admin)`\.$|Open to everybody\.$/);
    expect(operation.responses).toHaveProperty('default');
  });
});

describe.each(named)('the example of %s', (_, operation: Operation) => {
  it('is a request that the schemas take', () => {
    const { path = {}, query = {}, body } = operation.example ?? {};
    const sent = [
      { part: operation.parameters, value: path },
      { part: operation.query, value: query },
      { part: operation.body, value: body },
    ] satisfies Array<{ part: RequestPart | undefined; value: unknown }>;
    for (const { part, value } of sent) {
      expect(part?.schema.safeParse(value).error).toBeUndefined();
    }
  });

  it('is what the schema of the answer says, and so says the document', () => {
    const { responses } = document.paths[operation.path]![operation.method]!;
    for (const { status, content } of operation.answers) {
      for (const { type, schema, example } of content) {
        expectExactly(schema, example);
        const media = responses[status]!.content![type]!;
        expect(media.example).toEqual(example);
        documentedCheck(document, media.schema).parse(example);
      }
    }
  });
});
