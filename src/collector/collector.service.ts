import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { ActiveSeries } from '../candles/series-register.js';
import { Clock } from '../common/clock.js';
import { Log } from '../logging/log.js';
import { CollectorSeat } from './collector-seat.js';
import { assignedTo } from './series-assignment.js';
import { SeriesCatalog } from './series-catalog.js';
import { SeriesScopes } from './series-scopes.js';
import type { SeriesStatus } from './series-status.js';
import { SeriesWorker } from './series-worker.js';

/** How often the collectors look who is there. */
const REBALANCE_MS = 1000;

interface Employment {
  readonly worker: SeriesWorker;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/** Employs a worker for every series that falls to this process, and lets it go when the series falls to another. */
@Injectable()
export class CollectorService implements OnApplicationBootstrap, OnModuleDestroy {
  private kept: readonly ActiveSeries[] = [];
  private readonly workers = new Map<number, Employment>();
  private readonly stopping = new AbortController();
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(SeriesCatalog) private readonly catalog: SeriesCatalog,
    @Inject(CollectorSeat) private readonly seat: CollectorSeat,
    @Inject(SeriesScopes) private readonly scopes: SeriesScopes,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {}

  /** The series that are worked on here. */
  get status(): SeriesStatus[] {
    return [...this.workers.values()].map(({ worker }) => worker.status);
  }

  /** Calls `ask` for every worker. */
  forEachWorker(ask: (worker: SeriesWorker) => void): void {
    for (const { worker } of this.workers.values()) ask(worker);
  }

  onApplicationBootstrap(): void {
    const { signal } = this.stopping;
    this.running = Promise.all([this.catalog.load(signal), this.rebalanceUntil(signal)]);
  }

  /** Stops all work in good order; the server goes on answering meanwhile. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort(new Error('the collector is stopping'));
    await this.running;
    await Promise.all([...this.workers.keys()].map((id) => this.dismiss(id)));
    await this.seat
      .leave()
      .catch((error: unknown) => this.log.warn('lock.release.failed', { lock: 'seat', error }));
  }

  private async rebalanceUntil(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.rebalance();
      } catch (error) {
        this.log.warn('collector.rebalance.failed', { error });
      }
      await this.clock.sleep(this.kept.length === 0 ? 50 : REBALANCE_MS, signal).catch(() => undefined);
    }
  }

  private async rebalance(): Promise<void> {
    const holders = await this.seat.present();
    this.kept = await this.catalog.kept();
    const dealt = assignedTo(this.seat.holder, holders, this.kept);
    const mine = dealt.filter(({ id }) => !this.seat.claimed.has(id));
    for (const { id, wishes } of mine) this.workers.get(id)?.worker.noteWishes(wishes);
    const wanted = new Set(mine.map(({ id }) => id));
    const dismissed = [...this.workers.keys()].filter((id) => !wanted.has(id));
    const employed = mine.filter(({ id }) => !this.workers.has(id));
    if (dismissed.length + employed.length === 0) return;

    this.log.info('collector.assigned', {
      collectors: holders.length,
      series: mine.length,
      of: this.kept.length,
    });
    await Promise.all(dismissed.map((id) => this.dismiss(id)));
    for (const series of employed) this.employ(series);
  }

  private employ({ id, exchange, symbol, interval, wishes }: ActiveSeries): void {
    const series = { id, exchange, symbol, interval };
    const worker = new SeriesWorker(this.scopes.for(series, wishes));
    const stop = new AbortController();
    this.workers.set(series.id, { worker, stop, ended: worker.run(stop.signal) });
  }

  private async dismiss(id: number): Promise<void> {
    const employment = this.workers.get(id);
    employment?.stop.abort(new Error('the series is no longer assigned to this process'));
    await employment?.ended;
    this.workers.delete(id);
  }
}
