import { CryptoFlowError } from '../../common/errors.js';

/** What `sqlite3` binds faithfully. Everything else it turns into NULL or text without a word. */
export type SqlParameter = string | number | null | Uint8Array;

export class InvalidParameterError extends CryptoFlowError {
  constructor(message: string) {
    super('INVALID_PARAMETER', message);
  }
}

/**
 * Checks the parameters of a statement and their number against its `?` placeholders. Booleans become 0 or 1.
 *
 * Integers from 2^31 are bound as REAL by `sqlite3`: they compare and store exactly up to 2^53, but an expression that
 * turns one into text must `CAST` it first.
 *
 * @throws InvalidParameterError for a BigInt, an undefined, a non-finite number, an object, or a wrong number of them
 */
export function checkParameters(sql: string, parameters: readonly unknown[]): SqlParameter[] {
  const expected = countPlaceholders(sql);
  if (expected !== undefined && expected !== parameters.length) {
    throw new InvalidParameterError(
      `the statement has ${expected} placeholders, but ${parameters.length} values came`,
    );
  }
  return parameters.map(checkParameter);
}

function checkParameter(value: unknown, index: number): SqlParameter {
  switch (typeof value) {
    case 'string':
      return value;
    case 'boolean':
      return value ? 1 : 0;
    case 'number':
      if (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))) return value;
      break;
    case 'object':
      if (value === null || value instanceof Uint8Array) return value;
      break;
    default:
  }
  const kind = typeof value === 'number' ? String(value) : typeof value;
  throw new InvalidParameterError(`value ${index + 1} cannot be bound: ${kind}`);
}

const QUOTED_OR_COMMENT = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?\*\//g;
const counts = new Map<string, number | undefined>();
const REMEMBERED = 500;

/** The number of `?` in a statement; undefined where it numbers or names them (`?1`, `:name`). */
function countPlaceholders(sql: string): number | undefined {
  if (counts.has(sql)) return counts.get(sql);
  const bare = sql.replaceAll(QUOTED_OR_COMMENT, ' ');
  const named = /\?\d|[:@$][A-Za-z_]/.test(bare);
  const count = named ? undefined : bare.split('?').length - 1;
  if (counts.size >= REMEMBERED) counts.clear();
  counts.set(sql, count);
  return count;
}
