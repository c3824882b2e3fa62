import { Inject, Injectable } from '@nestjs/common';
import { Cron, Interval } from '@nestjs/schedule';
import { Clock } from '../common/clock.js';
import { TickWatch } from '../common/tick-watch.js';
import { SkippedSlots } from '../locks/skipped-slots.js';
import { CollectorService } from './collector.service.js';
import type { SeriesWorker } from './series-worker.js';

const SCHEDULE = {
  /** After the boundary of a minute, so that the exchange has had time to close its candle. */
  sync: '2 * * * * *',
  backfill: '30 */10 * * * *',
  repair: '45 */5 * * * *',
  settlement: '15 4 * * * *',
} as const;
/** Every 4 s, so that the candle that is still open is never older than 5 s. */
const FORMING_MS = 4000;

type JobName = keyof typeof SCHEDULE;
const JOB_NAMES = Object.keys(SCHEDULE) as JobName[];

const ASK: Readonly<Record<JobName, (worker: SeriesWorker) => void>> = {
  sync: (worker) => worker.requestSync(),
  backfill: (worker) => worker.requestBackfill(),
  repair: (worker) => worker.requestRepair(),
  settlement: (worker) => worker.requestSettlement(),
};

/**
 * The schedule. A tick reaches every worker of this process; each claims the fire time for its series under the lease of
 * the series, so that among all processes it is run once. What is due at the start, and so what fell into a restart, a
 * worker does when it gets its lease.
 */
@Injectable()
export class CollectorJobs {
  private readonly watches: ReadonlyMap<JobName, TickWatch>;

  constructor(
    @Inject(CollectorService) private readonly collector: CollectorService,
    @Inject(SkippedSlots) private readonly skipped: SkippedSlots,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    const now = clock.now();
    this.watches = new Map(JOB_NAMES.map((job) => [job, new TickWatch(SCHEDULE[job], now)]));
    for (const job of JOB_NAMES) skipped.watch(job);
  }

  @Cron(SCHEDULE.sync, { name: 'sync', timeZone: 'UTC' })
  sync(): void {
    this.tick('sync');
  }

  @Cron(SCHEDULE.backfill, { name: 'backfill', timeZone: 'UTC' })
  backfill(): void {
    this.tick('backfill');
  }

  @Cron(SCHEDULE.repair, { name: 'repair', timeZone: 'UTC' })
  repair(): void {
    this.tick('repair');
  }

  @Cron(SCHEDULE.settlement, { name: 'settlement', timeZone: 'UTC' })
  settlement(): void {
    this.tick('settlement');
  }

  /** An interval's ticks are late, and never skipped: so it looks for those of the others that were. */
  @Interval('forming', FORMING_MS)
  forming(): void {
    this.catchUp();
    this.collector.forEachWorker((worker) => worker.requestForming());
  }

  private tick(job: JobName): void {
    this.watches.get(job)!.ticked(this.clock.now());
    this.collector.forEachWorker(ASK[job]);
  }

  /** However many ticks were skipped, a job is asked for once, for the latest. */
  private catchUp(): void {
    for (const [job, watch] of this.watches) {
      const slot = watch.missed(this.clock.now());
      if (slot === null) continue;
      this.skipped.record({ job, slot });
      this.tick(job);
    }
  }
}
