import { CryptoFlowError } from '../../common/errors.js';

/** What `sqlite3` binds faithfully. Everything else it turns into NULL or text without a word. */
export type SqlParameter = string | number | null | Uint8Array;

export class InvalidParameterError extends CryptoFlowError {
  constructor(message: string) {
    super('INVALID_PARAMETER', message);
  }
}

/** `sqlite3` runs the first statement of a text and forgets the others without a word. */
export class SeveralStatementsError extends CryptoFlowError {
  constructor() {
    super('SEVERAL_STATEMENTS', 'the text holds several statements: run each with a query of its own');
  }
}

/**
 * Checks the parameters of a statement and their number against its placeholders. Booleans become 0 or 1.
 *
 * Integers from 2^31 are bound as REAL by `sqlite3`: they compare and store exactly up to 2^53, but an expression that
 * turns one into text must `CAST` it first.
 *
 * @throws InvalidParameterError for a BigInt, an undefined, a non-finite number, an object, or a wrong number of them;
 *   SeveralStatementsError
 */
export function checkParameters(sql: string, parameters: readonly unknown[]): SqlParameter[] {
  const expected = countPlaceholders(sql);
  if (expected !== parameters.length) {
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
const PLACEHOLDER = /\?(\d*)|(?<![\w$])[:@$]\w+/g;
const TRIGGER = /^\s*CREATE\s+(?:TEMP(?:ORARY)?\s+)?TRIGGER\b/i;
const counts = new Map<string, number>();
const REMEMBERED = 500;

/** The number of values that a statement takes. */
function countPlaceholders(sql: string): number {
  const known = counts.get(sql);
  if (known !== undefined) return known;
  const bare = sql.replaceAll(QUOTED_OR_COMMENT, ' ');
  if (/;\s*[^\s;]/.test(bare) && !TRIGGER.test(bare)) throw new SeveralStatementsError();
  const count = highestNumber(bare);
  if (counts.size >= REMEMBERED) counts.clear();
  counts.set(sql, count);
  return count;
}

/** As SQLite numbers them: `?` and a new name take the next number, `?7` is the seventh. */
function highestNumber(sql: string): number {
  const names = new Set<string>();
  let highest = 0;
  for (const [text, digits] of sql.matchAll(PLACEHOLDER)) {
    if (digits) highest = Math.max(highest, Number(digits));
    else if (digits === '' || !names.has(text)) highest += 1;
    names.add(text);
  }
  return highest;
}
