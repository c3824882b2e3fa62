// The only file that imports `sqlite3`: another engine would be fitted here.
import sqlite3 from 'sqlite3';
import { CryptoFlowError, errorCode, errorMessage } from '../../common/errors.js';
import { KeptStatements } from './kept-statements.js';
import { checkParameters, type SqlParameter } from './sql-parameters.js';

/** `rwc` creates the file where there is none; `ro` cannot write, and cannot create. */
export type OpenMode = 'rwc' | 'rw' | 'ro';

const FLAGS: Record<OpenMode, number> = {
  rwc: sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE,
  rw: sqlite3.OPEN_READWRITE,
  ro: sqlite3.OPEN_READONLY,
};

/** An error of SQLite itself. `code` is its result code: `SQLITE_BUSY`, `SQLITE_FULL`, … */
export class SqliteError extends CryptoFlowError {}

export interface RunResult {
  /** Rows that the statement inserted, updated or deleted. */
  readonly changes: number;
  readonly lastId: number;
}

/** One SQLite connection. Statements run on a libuv thread, one after the other, in the order they were asked for. */
export class SqliteConnection {
  /** Of a connection that reads only: one that writes relies on its statements coming one after the other. */
  private readonly kept: KeptStatements | null;

  private constructor(
    private readonly handle: sqlite3.Database,
    mode: OpenMode,
  ) {
    this.kept = mode === 'ro' ? new KeptStatements(handle) : null;
  }

  /** @throws SqliteError, for example `SQLITE_CANTOPEN` */
  static open(file: string, mode: OpenMode): Promise<SqliteConnection> {
    return new Promise((resolve, reject) => {
      const handle = new sqlite3.Database(file, FLAGS[mode], (error) => {
        if (error) return reject(translate(error, `open ${file}`));
        handle.serialize();
        resolve(new SqliteConnection(handle, mode));
      });
    });
  }

  /** Runs a statement and returns its rows. @throws SqliteError | InvalidParameterError */
  all<Row = Record<string, unknown>>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.call<Row[]>(sql, parameters, (bound, done) => {
      if (this.kept) this.kept.all<Row>(sql, bound, done);
      else this.handle.all<Row>(sql, bound, done);
    });
  }

  /** Runs a statement that returns no rows. @throws SqliteError | InvalidParameterError */
  run(sql: string, parameters: readonly unknown[] = []): Promise<RunResult> {
    return this.call<RunResult>(sql, parameters, (bound, done) =>
      this.handle.run(sql, bound, function (this: sqlite3.RunResult, error) {
        done(error, { changes: this?.changes ?? 0, lastId: this?.lastID ?? 0 });
      }),
    );
  }

  /** Ends the statement that is running, with `SQLITE_INTERRUPT`. Without effect when none is, or it is closed. */
  interrupt(): void {
    try {
      this.handle.interrupt();
    } catch {
      // closed, or about to be
    }
  }

  /** Closes the connection; an open transaction is rolled back. */
  async close(): Promise<void> {
    await this.kept?.finalize();
    return new Promise((resolve, reject) => {
      this.handle.close((error) => (error ? reject(translate(error, 'close')) : resolve()));
    });
  }

  private async call<T>(
    sql: string,
    parameters: readonly unknown[],
    start: (bound: SqlParameter[], done: (error: Error | null, value: T) => void) => void,
  ): Promise<T> {
    const bound = checkParameters(sql, parameters);
    return new Promise((resolve, reject) => {
      start(bound, (error, value) => (error ? reject(translate(error, sql)) : resolve(value)));
    });
  }
}

/** The version of the SQLite library that is linked in, such as `3.52.0`. */
export const SQLITE_VERSION = sqlite3.VERSION;

function translate(error: Error, context: string): SqliteError {
  const sql = context.length > 200 ? `${context.slice(0, 200)}…` : context;
  return new SqliteError(errorCode(error), `${errorMessage(error)} (${sql})`, { cause: error });
}
