import type { WriterHealth } from '../writer-health.js';
import type { SqliteConnection } from './sqlite-connection.js';

/** A connection on loan to one QueryRunner. */
export interface ConnectionLoan {
  readonly connection: SqliteConnection;

  /**
   * A transaction has begun, or a statement outside of one has been run: the wait for the write lock, of this process and
   * of others, is over.
   *
   * @param at since when, by the monotonic clock; now, unless given
   */
  began?(at?: number): void;

  /** The error to be thrown for `error`: a reader that was told to give up learns that, and not what SQLite made of it. */
  explain?(error: unknown): unknown;

  /**
   * Gives the connection back. `discard` closes it instead: after a failed COMMIT or ROLLBACK nobody knows its state.
   */
  release(options?: { discard?: boolean }): Promise<void>;
}

/** Where QueryRunners get their connections: the write queue, or the pool of readers. */
export interface ConnectionSource {
  /** `BEGIN IMMEDIATE` for writers: a deferred transaction that reads and then writes fails at once under WAL. */
  readonly beginStatement: string;

  /** Whether this source writes, and so meets other writers. */
  readonly writes: boolean;

  /** Told how writing goes, and, also by a source that only reads, when the file is found damaged. */
  readonly health?: WriterHealth;

  /** Opens what must be open before the first query. */
  open(): Promise<void>;

  acquire(): Promise<ConnectionLoan>;

  /** Waits for the loans to come back, then closes all connections. */
  close(): Promise<void>;
}
