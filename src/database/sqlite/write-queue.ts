import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../../common/clock.js';
import { CryptoFlowError } from '../../common/errors.js';
import { WriteLockTimeoutError, WriterReenteredError } from '../database-errors.js';
import type { LockStatistics } from '../lock-statistics.js';
import { DEFAULT_LANE, currentLane, LANES, type Lane } from '../lanes.js';
import type { ConnectionLoan, ConnectionSource } from './connection-source.js';
import type { SqliteConnection } from './sqlite-connection.js';

/**
 * How much longer than a live task one of this lane waits before both are equal, in milliseconds. Priority and aging in
 * one number: the next turn goes to the smallest (arrival + handicap), so no lane starves and each is first in, first out.
 */
const HANDICAP_MS: Readonly<Record<Lane, number>> = { live: 0, locks: 10, backfill: 250, maintenance: 1000 };

/** How long a task waits for its turn before it fails, in milliseconds. */
const PATIENCE_MS = 30_000;

/** Whether the present asynchronous context is inside a writer transaction that holds the connection. */
interface TransactionScope {
  holding: boolean;
}

interface Waiter {
  readonly lane: Lane;
  readonly scope: TransactionScope | undefined;
  readonly arrivedAt: number;
  readonly grant: (loan: Promise<ConnectionLoan>) => void;
  readonly fail: (error: unknown) => void;
}

const transactionScope = new AsyncLocalStorage<TransactionScope>();

/** Runs `transaction` so that asking for the writer inside it is recognised. */
export function inTransactionScope<T>(transaction: () => Promise<T>): Promise<T> {
  if (transactionScope.getStore()?.holding) return Promise.reject(new WriterReenteredError());
  return transactionScope.run({ holding: false }, transaction);
}

/**
 * The one writing connection of a process. Taking it is standing in the queue, so nobody who writes through the writer
 * DataSource can pass it by.
 */
export class WriteQueue implements ConnectionSource {
  readonly beginStatement = 'BEGIN IMMEDIATE';
  readonly writes = true;

  private readonly waiting: Waiter[] = [];
  private connection: SqliteConnection | undefined;
  private holder: { readonly waiter: Waiter; readonly since: number } | undefined;
  private idle: (() => void) | undefined;
  private closed = false;

  constructor(
    private readonly openConnection: () => Promise<SqliteConnection>,
    private readonly clock: Clock,
    private readonly statistics: LockStatistics,
  ) {}

  async open(): Promise<void> {
    this.closed = false;
    this.connection = await this.openConnection();
  }

  /** Tasks waiting per lane, and how long the present holder has had its turn, in milliseconds. */
  get status(): {
    readonly depth: Readonly<Record<Lane, number>>;
    readonly oldestMs: number;
    readonly holder: { readonly lane: Lane; readonly heldMs: number } | null;
  } {
    const now = this.clock.monotonic();
    const depth = Object.fromEntries(LANES.map((lane) => [lane, 0])) as Record<Lane, number>;
    for (const { lane } of this.waiting) depth[lane] += 1;
    const oldest = Math.min(now, ...this.waiting.map(({ arrivedAt }) => arrivedAt));
    const holder = this.holder && {
      lane: this.holder.waiter.lane,
      heldMs: Math.round(now - this.holder.since),
    };
    return { depth, oldestMs: Math.round(now - oldest), holder: holder ?? null };
  }

  /**
   * Waits for this task's turn at the connection.
   *
   * @throws WriterReenteredError inside a writer transaction; WriteLockTimeoutError after 30 s
   */
  acquire(): Promise<ConnectionLoan> {
    const scope = transactionScope.getStore();
    if (scope?.holding) return Promise.reject(new WriterReenteredError());
    if (this.closed)
      return Promise.reject(new CryptoFlowError('DATABASE_CLOSED', 'the write queue is closed'));
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        lane: currentLane() ?? DEFAULT_LANE,
        scope,
        arrivedAt: this.clock.monotonic(),
        grant: (loan) => {
          cancelDeadline();
          resolve(loan);
        },
        fail: (error) => {
          cancelDeadline();
          reject(error);
        },
      };
      const cancelDeadline = this.clock.after(PATIENCE_MS, () => {
        this.waiting.splice(this.waiting.indexOf(waiter), 1);
        this.statistics.countTimeout();
        reject(new WriteLockTimeoutError(PATIENCE_MS));
      });
      this.waiting.push(waiter);
      this.next();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const waiter of this.waiting.splice(0)) {
      waiter.fail(new CryptoFlowError('DATABASE_CLOSED', 'the write queue is closed'));
    }
    if (this.holder) await new Promise<void>((resolve) => (this.idle = resolve));
    await this.connection?.close();
    this.connection = undefined;
  }

  private next(): void {
    if (this.holder || this.waiting.length === 0) return;
    const waiter = this.waiting.reduce((best, other) => (turnOf(other) < turnOf(best) ? other : best));
    this.waiting.splice(this.waiting.indexOf(waiter), 1);
    this.holder = { waiter, since: this.clock.monotonic() };
    if (waiter.scope) waiter.scope.holding = true;
    waiter.grant(this.lend());
  }

  private async lend(): Promise<ConnectionLoan> {
    try {
      const connection = (this.connection ??= await this.openConnection());
      return { connection, release: ({ discard = false } = {}) => this.takeBack(discard) };
    } catch (error) {
      this.passOn();
      throw error;
    }
  }

  private async takeBack(discard: boolean): Promise<void> {
    if (discard) {
      const { connection } = this;
      this.connection = undefined;
      // Awaited: until it is closed, its transaction holds the write lock of the file.
      await connection?.close().catch(() => undefined);
    }
    this.passOn();
  }

  private passOn(): void {
    if (this.holder?.waiter.scope) this.holder.waiter.scope.holding = false;
    this.holder = undefined;
    this.idle?.();
    this.next();
  }
}

function turnOf(waiter: Waiter): number {
  return waiter.arrivedAt + HANDICAP_MS[waiter.lane];
}
