import { Inject, Injectable } from '@nestjs/common';
import { SeriesReader } from '../candles/series-reader.js';
import { Clock } from '../common/clock.js';
import { Config } from '../config/config.js';
import { inLane } from '../database/lanes.js';
import { GuardedCron } from '../locks/guarded-cron.decorator.js';
import type { JobContext } from '../locks/job-guard.js';
import { Log } from '../logging/log.js';
import { PRUNE_BATCH, pruneBatch, prunings, type Pruning } from './pruning.js';

/** Between two transactions, so that a disk that is slow has time for others. */
const GAP_MS = 20;

/** Removes what is older than `CRYPTOFLOW_RETENTION` says. Without that, nothing. */
@Injectable()
export class RetentionJob {
  constructor(
    @Inject(SeriesReader) private readonly series: SeriesReader,
    @Inject(Config) private readonly config: Pick<Config, 'retention'>,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {}

  @GuardedCron('0 23 * * * *', 'retention')
  prune(context: JobContext): Promise<void> {
    return this.removeOld(context);
  }

  /** @throws what `context` says: the loss of the lease. What has been removed by then stays removed */
  async removeOld(context: JobContext): Promise<void> {
    const { retention } = this.config;
    if (retention.isEmpty) return;
    for (const pruning of prunings(retention, await this.series.list(), this.clock.now())) {
      const removed = await inLane('maintenance', () => this.removeAll(pruning, context));
      if (removed > 0) this.log.info('retention.pruned', { ...pruning.fields, rows: removed });
    }
  }

  /** Batch by batch: a run that is stopped goes on with the next. */
  private async removeAll(pruning: Pruning, { signal, transaction }: JobContext): Promise<number> {
    let removed = 0;
    for (;;) {
      signal.throwIfAborted();
      const batch = await pruneBatch(transaction, pruning);
      removed += batch;
      if (batch < PRUNE_BATCH) return removed;
      await this.clock.sleep(GAP_MS, signal);
    }
  }
}
