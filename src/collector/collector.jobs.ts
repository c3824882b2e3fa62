import { Inject, Injectable } from '@nestjs/common';
import { Cron, Interval } from '@nestjs/schedule';
import { CollectorService } from './collector.service.js';

/** After the boundary of a minute, so that the exchange has had time to close its candle. */
const SYNC = '2 * * * * *';
const BACKFILL = '30 */10 * * * *';
/** Every 4 s, so that the candle that is still open is never older than 5 s. */
const FORMING_MS = 4000;

/**
 * The schedule. A tick reaches every worker of this process; each claims the fire time for its series under the lease of
 * the series, so that among all processes it is run once. What is due at the start, a worker does when it gets its lease.
 */
@Injectable()
export class CollectorJobs {
  constructor(@Inject(CollectorService) private readonly collector: CollectorService) {}

  @Cron(SYNC, { name: 'sync', timeZone: 'UTC' })
  sync(): void {
    this.collector.forEachWorker((worker) => worker.requestSync());
  }

  @Cron(BACKFILL, { name: 'backfill', timeZone: 'UTC' })
  backfill(): void {
    this.collector.forEachWorker((worker) => worker.requestBackfill());
  }

  @Interval('forming', FORMING_MS)
  forming(): void {
    this.collector.forEachWorker((worker) => worker.requestForming());
  }
}
