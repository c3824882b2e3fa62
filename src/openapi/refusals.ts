import { STATUS_CODES } from 'node:http';
import type { z } from 'zod';
import { NotKeptError } from '../candles/series-reader.js';
import { ForbiddenScopeError, RateLimitedError, UnauthenticatedError } from '../http/access-errors.js';
import { TooManyBulkReadsError } from '../http/bulk-reads.js';
import { toProblem } from '../http/problem.filter.js';
import { InvalidRequestError } from '../http/request-errors.js';
import { binanceError } from './answers/binance.js';
import { problem } from './answers/problem.js';
import { udfError } from './answers/udf.js';
import type { JsonSchema, JsonSchemas } from './json-schemas.js';
import type { Dialect, Operation } from './operation.js';

interface Words {
  readonly type: string;
  readonly schema: z.ZodType;
  readonly example: (status: number) => unknown;
}

const MEANING: Readonly<Record<number, string>> = {
  400: 'The request is wrong as it stands.',
  401: 'Keys are set, and none of them came.',
  403: 'The key may do less; or no keys are set, and the request comes from elsewhere.',
  404: 'Nothing is kept under that name.',
  429: 'Too many requests: come back after `Retry-After`.',
  503: 'Not now: come back after `Retry-After`.',
};

const DIALECTS: Readonly<Record<Dialect, Words>> = {
  problem: {
    type: 'application/problem+json',
    schema: problem,
    example: (status) => toProblem(PROBLEMS[status] ?? {}),
  },
  udf: {
    type: 'application/json',
    schema: udfError,
    example: (status) => ({ s: 'error', errmsg: status === 404 ? 'unknown_symbol' : 'symbol: is required' }),
  },
  binance: {
    type: 'application/json',
    schema: binanceError,
    example: (status) =>
      status === 429
        ? { code: -1003, msg: 'Too many requests queued.' }
        : { code: -1121, msg: 'Invalid symbol.' },
  },
};

/** One of those that each status may stand for. */
const PROBLEMS: Readonly<Record<number, Error>> = {
  400: new InvalidRequestError('UNKNOWN_PARAMETER', [{ parameter: 'frm', message: 'unknown parameter' }]),
  401: new UnauthenticatedError(),
  403: ForbiddenScopeError.ofKey('write'),
  404: new NotKeptError('symbol', 'BTC/EUR of binance is not kept'),
  429: new RateLimitedError(12),
  503: new TooManyBulkReadsError(3),
};

/** What an operation may answer instead, by status; what is not foreseen comes in the same words. */
export function refusalsOf({ dialect, errors, scope, answers }: Operation): Record<string, JsonSchema> {
  const known = new Set(answers.map(({ status }) => status));
  const withAccess = [...errors, ...(scope === null ? [] : [401, 429])];
  if (scope !== null && scope !== 'read') withAccess.push(403);
  const statuses = [...new Set(withAccess)].filter((status) => !known.has(status)).toSorted((a, b) => a - b);
  const refusals = statuses.map((status) => [status, { $ref: reference(dialect, status) }]);
  return { ...Object.fromEntries(refusals), default: { $ref: reference(dialect, 'default') } };
}

/** The refusals of all dialects, under the names that `refusalsOf` refers to. */
export function refusalComponents(schemas: JsonSchemas): Record<string, JsonSchema> {
  const dialects = Object.keys(DIALECTS) as Dialect[];
  return Object.fromEntries(
    dialects.flatMap((dialect) =>
      [...Object.keys(MEANING).map(Number), 'default' as const].map((status) => [
        nameOf(dialect, status),
        refusal(dialect, status, schemas),
      ]),
    ),
  );
}

function refusal(dialect: Dialect, status: number | 'default', schemas: JsonSchemas): JsonSchema {
  const { type, schema, example } = DIALECTS[dialect];
  return {
    description: status === 'default' ? 'Anything else that fails.' : MEANING[status],
    ...(status === 401 && { headers: { 'WWW-Authenticate': { schema: { type: 'string' } } } }),
    ...((status === 429 || status === 503) && {
      headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'string' } } },
    }),
    content: {
      [type]: { schema: schemas.of(schema), example: example(status === 'default' ? 500 : status) },
    },
  };
}

function reference(dialect: Dialect, status: number | 'default'): string {
  return `#/components/responses/${nameOf(dialect, status)}`;
}

/** @example nameOf('udf', 404) // 'UdfNotFound' */
function nameOf(dialect: Dialect, status: number | 'default'): string {
  const words = status === 'default' ? 'Failure' : STATUS_CODES[status]!.replaceAll(/[^A-Za-z]/g, '');
  return dialect[0]!.toUpperCase() + dialect.slice(1) + words;
}
