import { cancellation } from '../../common/cancellation.js';
import type { Clock } from '../../common/clock.js';
import { CryptoFlowError, errorCode } from '../../common/errors.js';
import { ReadTooLongError } from '../database-errors.js';
import type { WriterHealth } from '../writer-health.js';
import type { ConnectionLoan, ConnectionSource } from './connection-source.js';
import type { SqliteConnection } from './sqlite-connection.js';

interface Loan {
  readonly connection: SqliteConnection;
  readonly since: number;
  /** Why nobody waits for what it reads any more. */
  cancelled?: { readonly reason: unknown };
  /** Stops watching for that. */
  readonly unwatch?: () => void;
  /** How often the connection was told to give up. */
  interrupts: number;
  /** For how long it was allowed to read, once it has been told to give up. */
  limitMs?: number;
}

interface Waiter {
  readonly signal: AbortSignal | undefined;
  readonly resolve: (loan: ConnectionLoan) => void;
  readonly reject: (error: unknown) => void;
}

/** Up to `size` read-only connections, opened when first needed, lent out first come first served. */
export class ReaderPool implements ConnectionSource {
  readonly beginStatement = 'BEGIN';
  readonly writes = false;

  private readonly idle: SqliteConnection[] = [];
  private readonly waiting: Waiter[] = [];
  private lent = 0;
  private readonly loans = new Set<Loan>();
  private closing: (() => void) | undefined;
  private closed = false;

  /** @param openConnection opens one, ready for use: pragmas set, schema checked */
  constructor(
    readonly size: number,
    private readonly openConnection: () => Promise<SqliteConnection>,
    private readonly eager: boolean,
    private readonly clock: Clock,
    readonly health: WriterHealth,
  ) {}

  async open(): Promise<void> {
    this.closed = false;
    if (this.eager) this.idle.push(await this.openConnection());
  }

  get status(): { readonly size: number; readonly busy: number; readonly waiting: number } {
    return { size: this.size, busy: this.lent, waiting: this.waiting.length };
  }

  /** @throws the reason of `cancellation()`'s signal, as soon as it aborts, here or in the statement that is running */
  async acquire(): Promise<ConnectionLoan> {
    cancellation()?.throwIfAborted();
    if (this.closed) throw new CryptoFlowError('DATABASE_CLOSED', 'the reader pool is closed');
    if (this.lent < this.size) {
      this.lent += 1;
      return this.lend(cancellation());
    }
    return this.wait();
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const { reject } of this.waiting.splice(0)) {
      reject(new CryptoFlowError('DATABASE_CLOSED', 'the reader pool is closed'));
    }
    if (this.lent > 0) await new Promise<void>((resolve) => (this.closing = resolve));
    await Promise.all(this.idle.splice(0).map((connection) => connection.close()));
  }

  /** How long the oldest loan has lasted, in milliseconds; 0 when nothing is lent. */
  get oldestMs(): number {
    const now = this.clock.monotonic();
    return Math.max(0, ...[...this.loans].map(({ since }) => now - since));
  }

  /**
   * Ends what has been read for longer than `limitMs`: as long as it lasts, no checkpoint gets past it, and the WAL
   * grows. The statement that is running fails with `READ_TOO_LONG`. A read transaction that is idle notices nothing
   * of that; by the second time its connection is closed. To be called again and again: an interruption has no effect
   * on a statement that has not begun to run yet.
   *
   * @returns how many were told to give up for the first or the second time
   */
  interruptOlderThan(limitMs: number): number {
    const now = this.clock.monotonic();
    const overdue = [...this.loans].filter(({ since }) => now - since > limitMs);
    let told = 0;
    for (const loan of overdue) {
      loan.connection.interrupt();
      if (loan.interrupts === 1) void loan.connection.close().catch(() => undefined);
      if (loan.interrupts < 2) told += 1;
      loan.interrupts += 1;
      loan.limitMs = limitMs;
    }
    return told;
  }

  private wait(): Promise<ConnectionLoan> {
    const signal = cancellation();
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        signal,
        resolve: (loan) => {
          signal?.removeEventListener('abort', abandon);
          resolve(loan);
        },
        reject: (error) => {
          signal?.removeEventListener('abort', abandon);
          reject(error);
        },
      };
      const abandon = () => {
        const place = this.waiting.indexOf(waiter);
        if (place >= 0) this.waiting.splice(place, 1);
        reject(signal!.reason);
      };
      signal?.addEventListener('abort', abandon, { once: true });
      this.waiting.push(waiter);
    });
  }

  /** Lends one connection; the caller has counted it in `lent`. */
  private async lend(signal: AbortSignal | undefined): Promise<ConnectionLoan> {
    try {
      const connection = this.idle.pop() ?? (await this.openConnection());
      const cancel = () => {
        loan.cancelled = { reason: signal!.reason };
        connection.interrupt();
      };
      const unwatch = () => signal?.removeEventListener('abort', cancel);
      const loan: Loan = { connection, since: this.clock.monotonic(), interrupts: 0, unwatch };
      signal?.addEventListener('abort', cancel, { once: true });
      this.loans.add(loan);
      return {
        connection,
        explain: (error) => explain(loan, error),
        release: ({ discard = false } = {}) => this.takeBack(loan, discard),
      };
    } catch (error) {
      this.passOn();
      throw error;
    }
  }

  private async takeBack(loan: Loan, discard: boolean): Promise<void> {
    this.loans.delete(loan);
    loan.unwatch?.();
    if (discard || loan.interrupts > 0) await loan.connection.close().catch(() => undefined);
    else this.idle.push(loan.connection);
    this.passOn();
  }

  private passOn(): void {
    const next = this.waiting.shift();
    if (next) {
      this.lend(next.signal).then(next.resolve, next.reject);
      return;
    }
    this.lent -= 1;
    if (this.lent === 0) this.closing?.();
  }
}

/** A statement that was told to give up says why, and not what SQLite made of it. */
function explain({ cancelled, limitMs }: Loan, error: unknown): unknown {
  if (limitMs !== undefined) return new ReadTooLongError(limitMs, error);
  return cancelled && errorCode(error) === 'SQLITE_INTERRUPT' ? cancelled.reason : error;
}
