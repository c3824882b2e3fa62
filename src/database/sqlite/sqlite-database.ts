import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../../common/clock.js';
import { errorCode } from '../../common/errors.js';
import { DatabaseNotReadyError, DatabaseRefusedError } from '../database-errors.js';
import type { LockStatistics } from '../lock-statistics.js';
import { assertCurrent } from '../migrations/schema-check.js';
import { retryWhileBusy } from './busy-retry.js';
import { applyPragmas, READER_PRAGMAS, readPragma, WRITER_PRAGMAS } from './pragmas.js';
import { assertLocalFilesystem, assertSqliteVersion, assertWritable } from './preflight.js';
import { ReaderPool } from './reader-pool.js';
import { SQLITE_VERSION, SqliteConnection } from './sqlite-connection.js';
import { WriterHealth } from '../writer-health.js';
import { WriteQueue } from './write-queue.js';

/** What SQLite says of a path at which there is no database that it could open. */
const UNUSABLE = new Set(['SQLITE_CANTOPEN', 'SQLITE_NOTADB', 'SQLITE_CORRUPT', 'SQLITE_READONLY']);

export interface SqliteDatabaseOptions {
  readonly file: string;
  readonly readers: number;
  /** Whether this process has a writing connection. Without one it makes no file and runs no migration. */
  readonly writable: boolean;
  /** Names of the migrations that the program knows: a reader uses no database that lacks one. */
  readonly migrations: readonly string[];
}

/** One SQLite file as this process uses it: the write queue, the pool of readers, and how their connections are opened. */
export class SqliteDatabase {
  readonly health: WriterHealth;
  readonly queue: WriteQueue;
  readonly readers: ReaderPool;
  readonly version = SQLITE_VERSION;

  constructor(
    readonly options: SqliteDatabaseOptions,
    private readonly clock: Clock,
    readonly statistics: LockStatistics,
  ) {
    this.health = new WriterHealth(clock);
    this.queue = new WriteQueue(() => this.openWriter(), clock, statistics, this.health);
    const open = () => this.openReader();
    this.readers = new ReaderPool(options.readers, open, options.writable, clock, this.health);
  }

  get file(): string {
    return this.options.file;
  }

  /**
   * A connection that may write. Opening is repeated while other processes make or recover the same file.
   *
   * @throws DatabaseRefusedError | WriteLockTimeoutError | SqliteError
   */
  async openWriter(): Promise<SqliteConnection> {
    assertSqliteVersion(SQLITE_VERSION);
    await assertWritable(this.file);
    await assertLocalFilesystem(dirname(this.file));
    return this.retryOpening(() =>
      openWith(this.file, 'rwc', (connection) => applyPragmas(connection, WRITER_PRAGMAS)),
    );
  }

  /** A read-only connection. @throws DatabaseNotReadyError while there is no file or no schema; DatabaseRefusedError */
  async openReader(): Promise<SqliteConnection> {
    assertSqliteVersion(SQLITE_VERSION);
    return this.retryOpening(() =>
      openWith(this.file, 'ro', async (connection) => {
        await applyPragmas(connection, READER_PRAGMAS);
        if ((await readPragma(connection, 'journal_mode')) !== 'wal') {
          throw new DatabaseNotReadyError(this.file, 'it is not in WAL mode yet');
        }
        assertCurrent(this.file, await executedMigrations(connection), this.options.migrations);
      }),
    );
  }

  private async retryOpening(open: () => Promise<SqliteConnection>): Promise<SqliteConnection> {
    const { clock, statistics } = this;
    const existed = existsSync(this.file);
    try {
      return await retryWhileBusy(open, { clock, statistics, operation: 'open', patienceMs: 30_000 });
    } catch (error) {
      const code = errorCode(error);
      if (!UNUSABLE.has(code)) throw error;
      // It may have been made since it could not be opened.
      if (!existed || !existsSync(this.file)) {
        throw new DatabaseNotReadyError(this.file, 'there is no such file', error);
      }
      throw new DatabaseRefusedError(
        'DATABASE_UNUSABLE',
        `${this.file} cannot be used as a database (${code}): see that it is a file which SQLite made, and that this ` +
          'user may read and write it and its directory; restore a backup, or set DATABASE_URL to another path.',
        error,
      );
    }
  }
}

async function openWith(
  file: string,
  mode: 'rwc' | 'ro',
  prepare: (connection: SqliteConnection) => Promise<void>,
): Promise<SqliteConnection> {
  const connection = await SqliteConnection.open(file, mode);
  try {
    await prepare(connection);
    return connection;
  } catch (error) {
    await connection.close().catch(() => undefined);
    throw error;
  }
}

async function executedMigrations(connection: SqliteConnection): Promise<string[]> {
  const [table] = await connection.all(
    `SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migrations'`,
  );
  if (!table) return [];
  const rows = await connection.all<{ name: string }>('SELECT name FROM migrations');
  return rows.map(({ name }) => name);
}
