import { CryptoFlowError } from '../common/errors.js';

/** Where the data lives. */
export interface SqliteTarget {
  readonly kind: 'sqlite';
  /** Path of the database file, as given: relative paths are relative to the working directory. */
  readonly file: string;
}

export class InvalidDatabaseUrlError extends CryptoFlowError {
  constructor(message: string) {
    super('INVALID_DATABASE_URL', message);
  }
}

/**
 * Reads `sqlite:path/to/file.db`.
 *
 * @throws InvalidDatabaseUrlError, without the URL's text, which may hold a password
 */
export function parseDatabaseUrl(text: string): SqliteTarget {
  if (/^postgres(ql)?:/.test(text)) {
    throw new InvalidDatabaseUrlError(
      'this version keeps its data in SQLite only: expected sqlite:path/to/file.db',
    );
  }
  const file = /^sqlite:(?:\/\/(?=\/))?(.+)$/.exec(text)?.[1];
  if (file === undefined) throw new InvalidDatabaseUrlError('expected sqlite:path/to/file.db');
  if (file === ':memory:' || file.startsWith('file:') || file.includes('?')) {
    throw new InvalidDatabaseUrlError('expected the path of a plain file: several connections must share it');
  }
  return { kind: 'sqlite', file };
}
