import type { Clock } from '../../common/clock.js';
import { CryptoFlowError } from '../../common/errors.js';
import { ReadTooLongError } from '../database-errors.js';
import type { WriterHealth } from '../writer-health.js';
import type { ConnectionLoan, ConnectionSource } from './connection-source.js';
import type { SqliteConnection } from './sqlite-connection.js';

interface Loan {
  readonly connection: SqliteConnection;
  readonly since: number;
  /** How often the connection was told to give up. */
  interrupts: number;
  /** For how long it was allowed to read, once it has been told to give up. */
  limitMs?: number;
}

/** Up to `size` read-only connections, opened when first needed, lent out first come first served. */
export class ReaderPool implements ConnectionSource {
  readonly beginStatement = 'BEGIN';
  readonly writes = false;

  private readonly idle: SqliteConnection[] = [];
  private readonly waiting: Array<{
    resolve: (loan: ConnectionLoan) => void;
    reject: (error: unknown) => void;
  }> = [];
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

  acquire(): Promise<ConnectionLoan> {
    if (this.closed)
      return Promise.reject(new CryptoFlowError('DATABASE_CLOSED', 'the reader pool is closed'));
    if (this.lent < this.size) {
      this.lent += 1;
      return this.lend();
    }
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
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

  /** Lends one connection; the caller has counted it in `lent`. */
  private async lend(): Promise<ConnectionLoan> {
    try {
      const connection = this.idle.pop() ?? (await this.openConnection());
      const loan: Loan = { connection, since: this.clock.monotonic(), interrupts: 0 };
      this.loans.add(loan);
      return {
        connection,
        explain: (error) => (loan.limitMs === undefined ? error : new ReadTooLongError(loan.limitMs, error)),
        release: ({ discard = false } = {}) => this.takeBack(loan, discard),
      };
    } catch (error) {
      this.passOn();
      throw error;
    }
  }

  private async takeBack(loan: Loan, discard: boolean): Promise<void> {
    this.loans.delete(loan);
    if (discard || loan.interrupts > 0) await loan.connection.close().catch(() => undefined);
    else this.idle.push(loan.connection);
    this.passOn();
  }

  private passOn(): void {
    const next = this.waiting.shift();
    if (next) {
      this.lend().then(next.resolve, next.reject);
      return;
    }
    this.lent -= 1;
    if (this.lent === 0) this.closing?.();
  }
}
