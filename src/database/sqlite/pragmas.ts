import { DatabaseRefusedError } from '../database-errors.js';
import type { SqliteConnection } from './sqlite-connection.js';

type Pragmas = Readonly<Record<string, string | number>>;

/** 64 MiB: what is left of a WAL file after a checkpoint has emptied it. */
const JOURNAL_SIZE_LIMIT = 64 * 1024 * 1024;

/**
 * `busy_timeout` 0: a writer that waits inside SQLite parks a libuv thread; ours waits in the queue and retries.
 * `wal_autocheckpoint` 0: a checkpoint inside COMMIT costs the writer 20 ms at the 99th percentile.
 * Negative cache sizes are KiB.
 */
export const WRITER_PRAGMAS: Pragmas = {
  journal_mode: 'wal',
  busy_timeout: 0,
  synchronous: 1,
  wal_autocheckpoint: 0,
  journal_size_limit: JOURNAL_SIZE_LIMIT,
  cache_size: -32_000,
  foreign_keys: 1,
  temp_store: 2,
  query_only: 0,
};

/** `busy_timeout` 5000 lets a reader outwait the recovery of a large WAL after a crash. */
export const READER_PRAGMAS: Pragmas = {
  busy_timeout: 5000,
  cache_size: -16_000,
  foreign_keys: 1,
  temp_store: 2,
  query_only: 1,
};

/**
 * Sets each pragma and reads it back: SQLite ignores what it cannot do without an error.
 *
 * @throws DatabaseRefusedError `PRAGMA_REFUSED`
 */
export async function applyPragmas(connection: SqliteConnection, pragmas: Pragmas): Promise<void> {
  for (const [name, value] of Object.entries(pragmas)) {
    await connection.all(`PRAGMA ${name} = ${value}`);
    const actual = await readPragma(connection, name);
    if (actual !== value) {
      throw new DatabaseRefusedError('PRAGMA_REFUSED', `PRAGMA ${name} is ${String(actual)}, not ${value}`);
    }
  }
}

/** The present value of a pragma. */
export async function readPragma(connection: SqliteConnection, name: string): Promise<unknown> {
  const [row] = await connection.all(`PRAGMA ${name}`);
  return row && Object.values(row)[0];
}
