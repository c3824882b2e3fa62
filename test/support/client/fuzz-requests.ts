import fc from 'fast-check';
import { exampleOf, type Documented, type DocumentedParameter } from './document.js';
import { bodyFor, type Body } from './fuzz-bodies.js';
import { oddHeaders } from './fuzz-headers.js';
import { encoded, oddValue } from './fuzz-values.js';
import type { RawRequest } from './raw-request.js';

const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'DELETE', 'PUT', 'PATCH'];
const unknownQuery: fc.Arbitrary<readonly string[]> = fc.oneof(
  { arbitrary: fc.constant([]), weight: 9 },
  {
    arbitrary: fc.array(
      fc.tuple(encoded(oddValue), encoded(oddValue)).map((pair) => pair.join('=')),
      { minLength: 1, maxLength: 3 },
    ),
    weight: 1,
  },
);

/** What belongs to no operation. */
const strayRequest: fc.Arbitrary<RawRequest> = fc
  .record({
    method: fc.constantFrom(...METHODS),
    path: fc.array(encoded(oddValue), { maxLength: 4 }),
    begin: fc.constantFrom(
      '/',
      '/api/v1/',
      '/docs/',
      '/udf/',
      '/binance/api/v3/',
      '/binance/',
      '//',
      '/api/v1/series/',
    ),
    headers: oddHeaders,
  })
  .map(({ method, path, begin, headers }) => toRequest(method, begin + path.join('/'), headers, undefined));

/** Anything that the service may be sent, most of it near to what an operation takes. */
export function fuzzRequest(operations: readonly Documented[]): fc.Arbitrary<RawRequest> {
  return fc.oneof(
    { arbitrary: fc.constantFrom(...operations).chain(requestOf), weight: 20 },
    { arbitrary: strayRequest, weight: 1 },
  );
}

function requestOf({ method, path, operation }: Documented): fc.Arbitrary<RawRequest> {
  const parameters = operation.parameters ?? [];
  const isWrite = method !== 'GET';
  const filled = parameters.filter((parameter) => parameter.in === 'path');
  const asked = parameters.filter((parameter) => parameter.in === 'query');
  return fc
    .record({
      method: fc.oneof(
        { arbitrary: fc.constant(method), weight: 6 },
        { arbitrary: fc.constantFrom(...METHODS), weight: 1 },
      ),
      values: fc.tuple(...filled.map(pathValue)),
      query: fc.tuple(...asked.map(queryOf)),
      unknown: unknownQuery,
      headers: oddHeaders,
      body: bodyFor(exampleOf(operation).body, isWrite),
    })
    .map(({ method, values, query, unknown, headers, body }) => {
      const names = filled.map(({ name }) => name);
      const address = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[names.indexOf(name)]!);
      const text = [...query.flat(), ...unknown].join('&');
      return toRequest(method, text === '' ? address : `${address}?${text}`, headers, body);
    });
}

function toRequest(
  method: string,
  path: string,
  headers: Record<string, string>,
  body: Body | undefined,
): RawRequest {
  if (!body) return { method, path, headers };
  return { method, path, headers: { ...headers, 'content-type': body.type }, body: body.text };
}

function valueOf({ example, schema }: DocumentedParameter): fc.Arbitrary<string> {
  const known = [example, ...(schema.enum ?? []), ...(schema.examples ?? [])].filter(
    (value): value is string => typeof value === 'string',
  );
  if (known.length === 0) return oddValue;
  return fc.oneof({ arbitrary: fc.constantFrom(...known), weight: 3 }, { arbitrary: oddValue, weight: 2 });
}

function pathValue(parameter: DocumentedParameter): fc.Arbitrary<string> {
  const usual = fc.constant(encodeURIComponent(parameter.example ?? '1'));
  return fc.oneof({ arbitrary: usual, weight: 3 }, { arbitrary: encoded(valueOf(parameter)), weight: 1 });
}

/** A parameter, as often as it is sent. */
function queryOf(parameter: DocumentedParameter): fc.Arbitrary<readonly string[]> {
  const { name, example } = parameter;
  const right = fc.constant(example === undefined ? [] : [`${name}=${encodeURIComponent(example)}`]);
  const one = encoded(valueOf(parameter)).map((value) => `${name}=${value}`);
  return fc.oneof(
    { arbitrary: right, weight: 8 },
    { arbitrary: one.map((pair) => [pair]), weight: 4 },
    { arbitrary: fc.constant([]), weight: 1 },
    { arbitrary: fc.tuple(one, one), weight: 1 },
    { arbitrary: one.map((pair) => [pair.replace('=', '[a]=')]), weight: 1 },
    { arbitrary: fc.constant([name]), weight: 1 },
  );
}
