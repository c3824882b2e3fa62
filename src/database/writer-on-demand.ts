import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { Clock } from '../common/clock.js';
import { inLane } from './lanes.js';
import { SqliteDataSource, sqliteOptions } from './sqlite/sqlite-data-source.js';
import type { SqliteDatabase } from './sqlite/sqlite-database.js';
import type { DatabaseReadiness } from './database-readiness.js';

/** After so long without a write the connection is let go, in milliseconds. */
const IDLE_MS = 10_000;

/**
 * What a user asks to be written, in whichever process: where there is the DataSource `writer`, through that; otherwise
 * through one that is opened for it, under the same rules of the queue, and let go when it has been idle.
 */
export class WriterOnDemand {
  private opening: Promise<DataSource> | undefined;
  private users = 0;
  private cancelIdle: () => void = () => undefined;

  /** @param writer the DataSource of a process that writes anyway */
  constructor(
    private readonly database: SqliteDatabase,
    private readonly readiness: DatabaseReadiness,
    private readonly clock: Clock,
    private readonly writer?: DataSource,
  ) {}

  /** Whether a connection is open that is there for this alone. */
  get isOpen(): boolean {
    return this.opening !== undefined;
  }

  /**
   * One transaction, in the lane of what is urgent. It is on the disk when this resolves: what a user was told of survives
   * a power cut as well.
   *
   * @throws DatabaseNotReadyError where no process has made the database yet; WriteLockTimeoutError
   */
  async transaction<T>(run: (manager: EntityManager) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const leave = this.enter();
    try {
      const source = await this.source();
      return await inLane('live', () => durably(source, run), { signal });
    } finally {
      leave();
    }
  }

  /** Lets the connection go. */
  async close(): Promise<void> {
    this.cancelIdle();
    const opened = await this.opening?.catch(() => undefined);
    this.opening = undefined;
    if (opened?.isInitialized) await opened.destroy();
  }

  private enter(): () => void {
    this.users += 1;
    this.cancelIdle();
    return () => {
      this.users -= 1;
      if (this.users > 0 || !this.opening) return;
      this.cancelIdle = this.clock.after(IDLE_MS, () => void this.close());
    };
  }

  private source(): Promise<DataSource> {
    if (this.writer) return Promise.resolve(this.writer);
    this.opening ??= this.open().catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    return this.opening;
  }

  private async open(): Promise<DataSource> {
    // A writing connection would make the file; whose schema is not there yet, a collector is to make it.
    await this.readiness.check();
    const { file, queue, statistics } = this.database;
    const { clock } = this;
    return new SqliteDataSource(sqliteOptions(file, { source: queue, clock, statistics })).initialize();
  }
}

/** `synchronous` is a matter of the connection, and cannot be changed inside of a transaction. */
async function durably<T>(source: DataSource, run: (manager: EntityManager) => Promise<T>): Promise<T> {
  const runner: QueryRunner = source.createQueryRunner();
  try {
    await runner.query('PRAGMA synchronous = FULL');
    await runner.startTransaction();
    try {
      const result = await run(runner.manager);
      await runner.commitTransaction();
      return result;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction();
      throw error;
    } finally {
      await runner.query('PRAGMA synchronous = NORMAL');
    }
  } finally {
    await runner.release();
  }
}
