import { seriesLease } from '../candles/series-leases.js';
import type { SeriesWishes } from '../candles/series-register.js';
import { backoffMs } from '../common/backoff.js';
import { errorCode, errorMessage } from '../common/errors.js';
import { ExchangeHeldBackError } from '../exchanges/exchange-errors.js';
import type { Lease } from '../locks/lease.js';
import { BackfillTask } from './backfill.task.js';
import { FormingTask } from './forming.task.js';
import type { LiveFeed } from './live-feed.js';
import { RepairTask } from './repair.task.js';
import { SeriesLedger, type SeriesScope } from './series-scope.js';
import type { SeriesStatus } from './series-status.js';
import type { SeriesTask } from './series-task.js';
import { SettleTask } from './settle.task.js';
import { SyncTask } from './sync.task.js';

/** How soon a lease that another holds is asked for again. Asking costs one read. */
const LEASE_RETRY_MS = 500;
/** After errors in a row: where nothing can be written, the lease cannot be taken either. */
const ERROR_RETRY = { baseMs: 1000, maxMs: 10_000 };
const BACKFILL_SLOT_MS = 600_000;
const REPAIR_SLOT_MS = 300_000;
const SETTLE_SLOT_MS = 3_600_000;

/** In the order of their urgency. */
interface Tasks {
  readonly sync: SyncTask;
  readonly forming: FormingTask;
  readonly settle: SettleTask;
  readonly repair: RepairTask;
  readonly backfill: BackfillTask;
}

/**
 * Works on one series for as long as it is assigned to this process: takes the lease of the series, and under it does
 * whatever is due, the most urgent first: sync, the forming candle, settlement, repair, backfill.
 */
export class SeriesWorker {
  private tasks: Tasks | null = null;
  private live: LiveFeed | null = null;
  private lastError: SeriesStatus['lastError'] = null;
  private wake: () => void = () => undefined;

  constructor(private readonly scope: SeriesScope) {}

  get status(): SeriesStatus {
    const { exchange, symbol, interval } = this.scope.series;
    const tasks = this.tasks && Object.values<SeriesTask>({ ...this.tasks });
    return {
      series: `${exchange}:${symbol}@${interval}`,
      held: tasks !== null,
      backfilling: this.tasks?.backfill.running ?? false,
      failures: Math.max(0, ...(tasks ?? []).map(({ failures }) => failures)),
      lastError: this.lastError,
      forming: this.live?.status ?? null,
    };
  }

  requestSync(): void {
    this.tasks?.sync.request(this.scope.clock.now());
    this.wake();
  }

  requestBackfill(): void {
    const now = this.scope.clock.now();
    this.tasks?.backfill.request(now - (now % BACKFILL_SLOT_MS));
    this.wake();
  }

  requestRepair(): void {
    const now = this.scope.clock.now();
    this.tasks?.repair.request(now - (now % REPAIR_SLOT_MS));
    this.wake();
  }

  /** What was asked for through the API by now: what is new of it is done at once. */
  noteWishes(wishes: SeriesWishes): void {
    const before = this.scope.wishes;
    this.scope.wishes = wishes;
    if (isLater(wishes.backfillAsked, before.backfillAsked))
      this.tasks?.backfill.request(wishes.backfillAsked);
    if (isLater(wishes.repairAsked, before.repairAsked)) this.tasks?.repair.request(wishes.repairAsked);
    this.wake();
  }

  requestSettlement(): void {
    const now = this.scope.clock.now();
    this.tasks?.settle.request(now - (now % SETTLE_SLOT_MS));
    this.wake();
  }

  requestForming(): void {
    this.tasks?.forming.request();
    this.wake();
  }

  /** Works until `stop` aborts; then finishes what is being committed, notes what it leaves, and gives the lease back. */
  async run(stop: AbortSignal): Promise<void> {
    const { locks, series, log } = this.scope;
    let errors = 0;
    while (!stop.aborted) {
      let lease: Lease | null = null;
      try {
        lease = await locks.acquire(seriesLease(series.id));
        if (lease) await this.workUnder(lease, AbortSignal.any([stop, lease.signal]));
        errors = 0;
      } catch (error) {
        errors += 1;
        this.note('worker', error);
      } finally {
        this.tasks = null;
        this.live = null;
        if (lease) {
          await locks
            .release(lease)
            .catch((error: unknown) => log.warn('lock.release.failed', { series: series.id, error }));
        }
      }
      await this.pause(errors === 0 ? LEASE_RETRY_MS : backoffMs(errors - 1, ERROR_RETRY), stop);
    }
  }

  private async workUnder(lease: Lease, signal: AbortSignal): Promise<void> {
    const { scope } = this;
    const ledger = await SeriesLedger.open(lease, scope);
    this.tasks = {
      sync: new SyncTask(scope, ledger),
      forming: new FormingTask(scope, ledger),
      settle: new SettleTask(scope, ledger),
      repair: new RepairTask(scope, ledger),
      backfill: new BackfillTask(scope, ledger),
    };
    this.requestSync();
    this.requestForming();
    this.requestSettlement();
    this.requestRepair();
    this.requestBackfill();
    this.live = ledger.live;
    const working = new AbortController();
    const feeding = ledger.live?.run(AbortSignal.any([signal, working.signal]), () => this.requestSync());
    try {
      await this.workOn(this.tasks, lease, signal);
    } finally {
      working.abort();
      await feeding;
    }
  }

  private async workOn(tasks: Tasks, lease: Lease, signal: AbortSignal): Promise<void> {
    const { scope } = this;
    const inOrder = Object.values<SeriesTask>({ ...tasks });

    while (!signal.aborted) {
      const now = scope.clock.now();
      const task = inOrder.find((candidate) => candidate.readyIn(now) === 0);
      if (!task) {
        await this.pause(Math.min(...inOrder.map((candidate) => candidate.readyIn(now))), signal);
        continue;
      }
      try {
        await task.run(signal);
      } catch (error) {
        if (signal.aborted) break;
        task.failed(error, scope.clock.now());
        this.note(task.constructor.name, error);
      }
    }
    if (lease.signal.aborted) return;
    await scope.locks.transaction(lease, async (manager) => {
      for (const task of inOrder) await task.interrupt(manager);
    });
  }

  private note(task: string, error: unknown): void {
    const { series, clock, log } = this.scope;
    this.lastError = { code: errorCode(error), message: errorMessage(error), at: clock.now() };
    // Whoever holds the exchange back has said so, once for all series.
    const level = error instanceof ExchangeHeldBackError ? 'debug' : 'warn';
    log[level]('collector.task.failed', {
      task,
      exchange: series.exchange,
      symbol: series.symbol,
      series: series.id,
      error,
    });
  }

  /** Resolves after `ms`, or when a request comes, or when the signal aborts. */
  private pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const cancel = ms === Infinity ? () => undefined : this.scope.clock.after(ms, () => done());
      const done = () => {
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.wake = done;
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
    });
  }
}

function isLater(asked: number | null, before: number | null): asked is number {
  return asked !== null && (before === null || asked > before);
}
