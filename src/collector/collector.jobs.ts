import { Inject, Injectable } from '@nestjs/common';
import { Cron, Interval } from '@nestjs/schedule';
import { Clock } from '../common/clock.js';
import { openTimeAt } from '../common/interval.js';
import { SkippedSlots } from '../locks/skipped-slots.js';
import { CollectorService } from './collector.service.js';

/** After the boundary of a minute, so that the exchange has had time to close its candle. */
const SYNC = '2 * * * * *';
/** So long after a minute its tick counts as skipped. */
const SYNC_GRACE_MS = 6000;
const BACKFILL = '30 */10 * * * *';
const REPAIR = '45 */5 * * * *';
const SETTLEMENT = '15 4 * * * *';
/** Every 4 s, so that the candle that is still open is never older than 5 s. */
const FORMING_MS = 4000;

/**
 * The schedule. A tick reaches every worker of this process; each claims the fire time for its series under the lease of
 * the series, so that among all processes it is run once. What is due at the start, a worker does when it gets its lease.
 */
@Injectable()
export class CollectorJobs {
  /** The minute of the last tick of `sync`, Unix ms. */
  private synced: number;

  constructor(
    @Inject(CollectorService) private readonly collector: CollectorService,
    @Inject(SkippedSlots) private readonly skipped: SkippedSlots,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    this.synced = openTimeAt('1m', clock.now());
  }

  @Cron(SYNC, { name: 'sync', timeZone: 'UTC' })
  sync(): void {
    this.synced = openTimeAt('1m', this.clock.now());
    this.collector.forEachWorker((worker) => worker.requestSync());
  }

  @Cron(BACKFILL, { name: 'backfill', timeZone: 'UTC' })
  backfill(): void {
    this.collector.forEachWorker((worker) => worker.requestBackfill());
  }

  @Cron(REPAIR, { name: 'repair', timeZone: 'UTC' })
  repair(): void {
    this.collector.forEachWorker((worker) => worker.requestRepair());
  }

  @Cron(SETTLEMENT, { name: 'settlement', timeZone: 'UTC' })
  settlement(): void {
    this.collector.forEachWorker((worker) => worker.requestSettlement());
  }

  @Interval('forming', FORMING_MS)
  forming(): void {
    this.catchUpSync();
    this.collector.forEachWorker((worker) => worker.requestForming());
  }

  /** `@nestjs/schedule` skips a tick that is more than 250 ms late. */
  private catchUpSync(): void {
    const due = openTimeAt('1m', this.clock.now() - SYNC_GRACE_MS);
    if (due <= this.synced) return;
    this.skipped.record({ job: 'sync', slot: due });
    this.sync();
  }
}
