import { QueryFailedError, QueryRunnerAlreadyReleasedError } from 'typeorm';
import { AbstractSqliteQueryRunner } from 'typeorm/driver/sqlite-abstract/AbstractSqliteQueryRunner.js';
import type { IsolationLevel } from 'typeorm/driver/types/IsolationLevel.js';
import { QueryResult } from 'typeorm/query-runner/QueryResult.js';
import { Broadcaster } from 'typeorm/subscriber/Broadcaster.js';
import { BroadcasterResult } from 'typeorm/subscriber/BroadcasterResult.js';
import { errorCode } from '../../common/errors.js';
import { currentLane } from '../lanes.js';
import { RawTransactionError, TransactionAbortedError, TransactionEndedError } from '../database-errors.js';
import { retryWhileBusy } from './busy-retry.js';
import type { ConnectionLoan } from './connection-source.js';
import type { SqliteConnection } from './sqlite-connection.js';
import { classifyFailure } from './sqlite-failure.js';
import type { SqliteDriver } from './sqlite-driver.js';

/**
 * Errors after which SQLite keeps the transaction. After any other it may have rolled back by itself
 * (https://www.sqlite.org/lang_transaction.html, section 3.1), and what follows must not pretend to be inside it.
 */
const SURVIVABLE = new Set([
  'SQLITE_ERROR',
  'SQLITE_CONSTRAINT',
  'SQLITE_MISMATCH',
  'SQLITE_TOOBIG',
  'SQLITE_RANGE',
]);
const TRANSACTION_CONTROL = /^\s*(?:BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE)\b/i;
/** Succeeds on a full disk as well. */
const PRAGMA = /^\s*PRAGMA\b/i;
const RETURNS_NO_ROWS = /^\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b(?![\s\S]*\bRETURNING\b)/i;

/**
 * A QueryRunner with a connection of its own, borrowed when the first query needs it and given back by `release()`.
 * TypeORM's own SQLite drivers share one runner per DataSource, so that two transactions become one.
 */
export class SqliteQueryRunner extends AbstractSqliteQueryRunner {
  private loan: Promise<ConnectionLoan> | undefined;
  /** Settles when the last loan is back where it came from. */
  private returned: Promise<void> = Promise.resolve();
  private readonly running = new Set<Promise<unknown>>();
  /** The error that ended the open transaction behind our back. */
  private abortedBy: unknown;
  private discardConnection = false;
  /** COMMIT or ROLLBACK is on its way: a statement behind it would be committed on its own. */
  private ending = false;

  constructor(private readonly sqlite: SqliteDriver) {
    super();
    this.driver = sqlite;
    this.dataSource = sqlite.dataSource;
    this.broadcaster = new Broadcaster(this);
  }

  override async connect(): Promise<SqliteConnection> {
    return (await this.borrow()).connection;
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- the signature of TypeORM's QueryRunner
  override async query(sql: string, parameters: unknown[] = [], structured = false): Promise<any> {
    if (this.isReleased) throw new QueryRunnerAlreadyReleasedError();
    if (this.abortedBy !== undefined) throw new TransactionAbortedError(this.abortedBy);

    const { logger } = this.dataSource;
    const events = new BroadcasterResult();
    logger.logQuery(sql, parameters, this);
    await this.broadcaster.broadcast('BeforeQuery', sql, parameters);
    const started = this.sqlite.clock.monotonic();
    try {
      const result = await this.track(this.execute(sql, parameters));
      const elapsed = this.sqlite.clock.monotonic() - started;
      const { maxQueryExecutionTime } = this.dataSource.options;
      if (maxQueryExecutionTime && elapsed > maxQueryExecutionTime) {
        logger.logQuerySlow(elapsed, sql, parameters, this);
      }
      this.broadcaster.broadcastAfterQueryEvent(
        events,
        sql,
        parameters,
        true,
        elapsed,
        result.raw,
        undefined,
      );
      return structured ? result : result.raw;
    } catch (error) {
      logger.logQueryError(error as Error, sql, parameters, this);
      this.broadcaster.broadcastAfterQueryEvent(events, sql, parameters, false, undefined, undefined, error);
      throw asQueryFailed(error, sql, parameters);
    } finally {
      await events.wait();
    }
  }

  override async startTransaction(isolationLevel?: IsolationLevel): Promise<void> {
    const outermost = this.transactionDepth === 0;
    try {
      await super.startTransaction(isolationLevel);
    } catch (error) {
      if (outermost) this.forgetTransaction({ discard: errorCode(error) !== 'WRITE_LOCK_TIMEOUT' });
      // `EntityManager.transaction()` rolls back even a savepoint that was not made: without a level of its own, that
      // would end the outer transaction, and what follows in it would be committed statement by statement.
      else if (this.abortedBy !== undefined) this.transactionDepth += 1;
      throw error;
    }
  }

  override async commitTransaction(): Promise<void> {
    const outermost = this.transactionDepth <= 1;
    try {
      await super.commitTransaction();
    } catch (error) {
      // After a failed COMMIT the state of the connection is unknown: SQLITE_FULL has rolled back, SQLITE_BUSY has not.
      if (outermost && this.isTransactionActive) this.forgetTransaction({ discard: true });
      throw error;
    }
  }

  override async rollbackTransaction(): Promise<void> {
    const outermost = this.transactionDepth <= 1;
    if (this.abortedBy !== undefined) {
      if (outermost) this.forgetTransaction({ discard: true });
      else this.transactionDepth -= 1;
      return;
    }
    try {
      await super.rollbackTransaction();
    } catch (error) {
      if (outermost && this.isTransactionActive) this.forgetTransaction({ discard: true });
      throw error;
    }
  }

  override async release(): Promise<void> {
    if (this.isReleased) return;
    this.isReleased = true;
    await super.release();
    // A runner released in mid-transaction: closing the connection rolls it back.
    const open = this.isTransactionActive || this.transactionDepth > 0;
    this.giveBack({ discard: this.discardConnection || open });
    await this.returned;
  }

  private borrow(): Promise<ConnectionLoan> {
    // Nobody would give back what a released runner borrows.
    if (this.isReleased && !this.loan) return Promise.reject(new QueryRunnerAlreadyReleasedError());
    if (!this.loan) {
      this.loan = this.returned.then(() => this.sqlite.source.acquire());
      this.loan.catch(() => (this.loan = undefined));
    }
    return this.loan;
  }

  private giveBack(options: { discard: boolean }): void {
    const { loan } = this;
    this.loan = undefined;
    this.discardConnection = false;
    const giveBack = async (borrowed: ConnectionLoan) => {
      await Promise.allSettled(this.running);
      await borrowed.release(options);
    };
    this.returned = loan ? loan.then(giveBack, () => undefined) : this.returned;
  }

  private async track<T>(work: Promise<T>): Promise<T> {
    this.running.add(work);
    try {
      return await work;
    } finally {
      this.running.delete(work);
    }
  }

  private async execute(sql: string, parameters: unknown[]): Promise<QueryResult> {
    if (this.ending) throw new TransactionEndedError();
    if (!this.isTransactionActive && TRANSACTION_CONTROL.test(sql)) throw new RawTransactionError();
    if (sql !== 'COMMIT' && sql !== 'ROLLBACK') return this.perform(sql, parameters);
    this.ending = true;
    return this.perform(sql, parameters).finally(() => (this.ending = false));
  }

  private async perform(sql: string, parameters: unknown[]): Promise<QueryResult> {
    const loan = await this.borrow();
    const { connection } = loan;
    const { source, clock, statistics } = this.sqlite;
    const begins = sql === 'BEGIN TRANSACTION';
    const statement = begins ? source.beginStatement : sql;
    let attemptedAt = 0;
    const attempt = () => {
      attemptedAt = clock.monotonic();
      return RETURNS_NO_ROWS.test(statement)
        ? modify(connection, statement, parameters)
        : read(connection, statement, parameters);
    };

    const retried = source.writes && (begins || !this.isTransactionActive);
    try {
      const result = retried
        ? await retryWhileBusy(attempt, {
            clock,
            statistics,
            operation: 'begin',
            signal: currentLane().signal,
          })
        : await attempt();
      if (begins) loan.began?.();
      else if (retried) loan.began?.(attemptedAt);
      const stored = sql === 'COMMIT' || (retried && !begins && !PRAGMA.test(sql));
      if (source.writes && stored) source.health?.succeeded();
      return result;
    } catch (error) {
      this.noteFailure(error, retried);
      throw loan.explain?.(error) ?? error;
    }
  }

  private noteFailure(error: unknown, retried: boolean): void {
    const code = errorCode(error);
    if (!code.startsWith('SQLITE_')) return;
    const { source, statistics } = this.sqlite;
    const kind = classifyFailure(code, { atBegin: retried });
    if (code === 'SQLITE_BUSY' && kind === 'bug')
      statistics.record({ kind: 'busy', operation: 'unexpected' });
    // Whoever finds the file damaged, nothing more is written to it; anything else is told of writing by writers alone.
    if (kind === 'stop' || (kind === 'degraded' && source.writes)) source.health?.failed(kind, code);
    if (SURVIVABLE.has(code)) return;
    if (this.isTransactionActive) this.abortedBy = error;
    else this.discardConnection = true;
  }

  /** Leaves the transaction that failed. After `discard`, the next one begins on a fresh connection. */
  private forgetTransaction({ discard }: { discard: boolean }): void {
    this.isTransactionActive = false;
    this.transactionDepth = 0;
    this.abortedBy = undefined;
    if (discard) this.giveBack({ discard });
  }
}

async function modify(
  connection: SqliteConnection,
  sql: string,
  parameters: unknown[],
): Promise<QueryResult> {
  const { changes, lastId } = await connection.run(sql, parameters);
  const result = new QueryResult();
  result.affected = changes;
  result.raw = lastId;
  return result;
}

async function read(connection: SqliteConnection, sql: string, parameters: unknown[]): Promise<QueryResult> {
  const result = new QueryResult();
  result.raw = result.records = await connection.all(sql, parameters);
  return result;
}

function asQueryFailed(error: unknown, sql: string, parameters: unknown[]): unknown {
  return errorCode(error).startsWith('SQLITE_')
    ? new QueryFailedError(sql, parameters, error as Error)
    : error;
}
