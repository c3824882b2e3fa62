import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../../common/clock.js';
import { CryptoFlowError } from '../../common/errors.js';
import { BulkPausedError, WriteLockTimeoutError, WriterReenteredError } from '../database-errors.js';
import type { LockStatistics } from '../lock-statistics.js';
import { BULK_LANES, currentLane, LANES, type Lane } from '../lanes.js';
import type { WriterHealth } from '../writer-health.js';
import type { ConnectionLoan, ConnectionSource } from './connection-source.js';
import type { SqliteConnection } from './sqlite-connection.js';

/**
 * How much longer than a live task one of this lane waits before both are equal, in milliseconds. Priority and aging in
 * one number: the next turn goes to the smallest (arrival + handicap), so no lane starves and each is first in, first out.
 */
const HANDICAP_MS: Readonly<Record<Lane, number>> = { live: 0, locks: 10, backfill: 250, maintenance: 1000 };

/**
 * How long a task waits for its turn before it fails, in milliseconds. Counted in steps, so that neither a pause nor a
 * stop of the process counts.
 */
const PATIENCE_MS = 30_000;
const STEP_MS = 1000;

/**
 * How long the writer stays off the lock after a bulk task while other processes write, in milliseconds. Without it one
 * gapless writer takes nearly every grant; with it another, trying every 1-3 ms, gets in within a few.
 */
const GAP_MS = 5;
/** For how long another writer that was met is expected to come again. */
const COMPANY_MS = 10_000;

/** Whether the present asynchronous context is inside a writer transaction that holds the connection. */
interface TransactionScope {
  holding: boolean;
}

interface Waiter {
  readonly lane: Lane;
  /** Whether it would rather fail than wait for the end of a pause. */
  readonly failsIfPaused: boolean;
  readonly scope: TransactionScope | undefined;
  readonly arrivedAt: number;
  readonly grant: (loan: Promise<ConnectionLoan>) => void;
  readonly fail: (error: unknown) => void;
}

interface Turn {
  readonly waiter: Waiter;
  since: number;
  /** Whether it has got the write lock of the file, and its wait is over. */
  began: boolean;
  /** Whether another process was met that has the lock. */
  blocked: boolean;
}

export interface WriteQueueStatus {
  /** Who waits: for a turn, or in its turn for another process. */
  readonly depth: Readonly<Record<Lane, number>>;
  /** How long the first in line has waited, in milliseconds. */
  readonly oldestMs: number;
  readonly holder: { readonly lane: Lane; readonly heldMs: number } | null;
  /** Why the bulk lanes are held back. */
  readonly paused: string | null;
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
  private holder: Turn | undefined;
  private idle: (() => void) | undefined;
  private awake: AbortController | undefined;
  private closed = false;

  private pauseReason: string | null = null;
  private company = { processes: 0, metAt: -Infinity };
  private gapUntil = -Infinity;

  constructor(
    private readonly openConnection: () => Promise<SqliteConnection>,
    private readonly clock: Clock,
    private readonly statistics: LockStatistics,
    readonly health: WriterHealth,
  ) {
    statistics.observe((event) => {
      if (event.kind !== 'busy' || event.operation !== 'begin') return;
      this.company.metAt = this.clock.monotonic();
      if (this.holder) this.holder.blocked = true;
    });
  }

  async open(): Promise<void> {
    this.closed = false;
    this.connection = await this.openConnection();
  }

  get status(): WriteQueueStatus {
    const now = this.clock.monotonic();
    const depth = Object.fromEntries(LANES.map((lane) => [lane, 0])) as Record<Lane, number>;
    const blocked = this.holder?.blocked && !this.holder.began ? [this.holder.waiter] : [];
    const waiting = [...this.waiting, ...blocked];
    for (const { lane } of waiting) depth[lane] += 1;
    const oldest = Math.min(now, ...waiting.map(({ arrivedAt }) => arrivedAt));
    const holder = this.holder
      ? { lane: this.holder.waiter.lane, heldMs: Math.round(now - this.holder.since) }
      : null;
    return { depth, oldestMs: Math.round(now - oldest), holder, paused: this.pauseReason };
  }

  /** Says how many other processes are known to write to the file: bulk work then leaves gaps for them. */
  expectCompany(processes: number): void {
    this.company.processes = processes;
  }

  /** How many other processes write to this file, as last told by `expectCompany`. */
  get companions(): number {
    return this.company.processes;
  }

  /** Holds the bulk lanes back until `resume`, everybody else goes on. Who would rather fail than wait, fails. */
  pause(reason: string): void {
    this.pauseReason = reason;
    const failing = this.waiting.filter(({ lane, failsIfPaused }) => failsIfPaused && this.holdsBack(lane));
    for (const waiter of failing) waiter.fail(new BulkPausedError(reason));
  }

  resume(): void {
    if (this.pauseReason === null) return;
    this.pauseReason = null;
    this.next();
  }

  /** Whether the bulk lanes are held back: whoever fetches in bulk need not fetch now. */
  get isPaused(): boolean {
    return this.pauseReason !== null;
  }

  /**
   * Waits for this task's turn at the connection, in the lane and with the signal of `inLane`.
   *
   * @throws WriterReenteredError inside a writer transaction; WriteLockTimeoutError after 30 s; BulkPausedError
   *   where `ifPaused` says so; DatabaseRefusedError when writing has been stopped; the signal's reason
   */
  async acquire(): Promise<ConnectionLoan> {
    const scope = transactionScope.getStore();
    if (scope?.holding) throw new WriterReenteredError();
    this.assertUsable();
    const { lane, signal, ifPaused } = currentLane();
    signal?.throwIfAborted();
    const failsIfPaused = ifPaused === 'fail';
    if (failsIfPaused && this.holdsBack(lane)) throw new BulkPausedError(this.pauseReason!);
    return new Promise((resolve, reject) => {
      const settle = () => {
        stopCounting();
        signal?.removeEventListener('abort', abandon);
      };
      const waiter: Waiter = {
        lane,
        failsIfPaused,
        scope,
        arrivedAt: this.clock.monotonic(),
        grant: (loan) => {
          settle();
          resolve(loan);
        },
        fail: (error) => {
          settle();
          this.leave(waiter);
          reject(error);
        },
      };
      const abandon = () => waiter.fail(signal?.reason);
      let waited = 0;
      const stopCounting = this.clock.every(STEP_MS, () => {
        if (!this.holdsBack(lane)) waited += STEP_MS;
        if (waited < PATIENCE_MS) return;
        this.statistics.record({ kind: 'timeout' });
        waiter.fail(new WriteLockTimeoutError(waited));
      });
      signal?.addEventListener('abort', abandon, { once: true });
      this.waiting.push(waiter);
      this.stayAwake();
      this.next();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    this.resume();
    while (this.waiting.length > 0) this.waiting[0]!.fail(queueClosed());
    if (this.holder) await new Promise<void>((resolve) => (this.idle = resolve));
    await this.connection?.close();
    this.connection = undefined;
  }

  /**
   * No timer that is here keeps a process alive: one that has nothing to do but to wait for its turn, as an import while
   * bulk work is held back, would end.
   */
  private stayAwake(): void {
    if (this.awake) return;
    const awake = new AbortController();
    this.awake = awake;
    const wait = async () => {
      while (!awake.signal.aborted) await this.clock.sleep(STEP_MS, awake.signal);
    };
    void wait().catch(() => undefined);
  }

  private assertUsable(): void {
    if (this.closed) throw queueClosed();
    this.health.assertNotStopped();
  }

  private holdsBack(lane: Lane): boolean {
    return this.pauseReason !== null && BULK_LANES.has(lane);
  }

  private leave(waiter: Waiter): void {
    const place = this.waiting.indexOf(waiter);
    if (place >= 0) this.waiting.splice(place, 1);
    if (this.waiting.length > 0) return;
    this.awake?.abort();
    this.awake = undefined;
  }

  private next(): void {
    if (this.holder) return;
    const now = this.clock.monotonic();
    const inGap = now < this.gapUntil;
    const ready = this.waiting.filter(
      ({ lane }) => !this.holdsBack(lane) && !(inGap && BULK_LANES.has(lane)),
    );
    if (ready.length === 0) {
      // Not by `after`, whose timer would let a process end that has nothing but this gap to wait for.
      if (inGap && this.waiting.length > 0)
        void this.clock.sleep(this.gapUntil - now).then(() => this.next());
      return;
    }
    const waiter = ready.reduce((best, other) => (turnOf(other) < turnOf(best) ? other : best));
    this.leave(waiter);
    this.holder = { waiter, since: now, began: false, blocked: false };
    if (waiter.scope) waiter.scope.holding = true;
    waiter.grant(this.lend(this.holder));
  }

  private async lend(turn: Turn): Promise<ConnectionLoan> {
    try {
      const connection = (this.connection ??= await this.openConnection());
      return {
        connection,
        began: (at = this.clock.monotonic()) => this.begin(turn, at),
        release: ({ discard = false } = {}) => this.takeBack(turn, discard),
      };
    } catch (error) {
      this.passOn(turn);
      throw error;
    }
  }

  private async takeBack(turn: Turn, discard: boolean): Promise<void> {
    const { lane, arrivedAt } = turn.waiter;
    const now = this.clock.monotonic();
    const { statistics } = this;
    if (turn.began) statistics.record({ kind: 'held', lane, ms: now - turn.since });
    else statistics.record({ kind: 'waited', lane, ms: now - arrivedAt });
    if (BULK_LANES.has(lane) && this.hasCompany(now)) this.gapUntil = now + GAP_MS;
    if (discard) {
      const { connection } = this;
      this.connection = undefined;
      // Awaited: until it is closed, its transaction holds the write lock of the file.
      await connection?.close().catch(() => undefined);
    }
    this.passOn(turn);
  }

  /** The turn has had the write lock of the file since `at`. */
  private begin(turn: Turn, at: number): void {
    if (turn.began) return;
    const { lane, arrivedAt } = turn.waiter;
    this.statistics.record({ kind: 'waited', lane, ms: at - arrivedAt });
    turn.since = at;
    turn.began = true;
  }

  private hasCompany(now: number): boolean {
    return this.company.processes > 0 || now - this.company.metAt < COMPANY_MS;
  }

  private passOn({ waiter }: Turn): void {
    if (waiter.scope) waiter.scope.holding = false;
    this.holder = undefined;
    this.idle?.();
    this.next();
  }
}

function turnOf(waiter: Waiter): number {
  return waiter.arrivedAt + HANDICAP_MS[waiter.lane];
}

function queueClosed(): CryptoFlowError {
  return new CryptoFlowError('DATABASE_CLOSED', 'the write queue is closed');
}
