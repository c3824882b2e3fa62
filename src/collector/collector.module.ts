import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { CandleStore } from '../candles/candle-store.js';
import { CandleReadingModule, CandleWritingModule, CandleJobsModule } from '../candles/candles.module.js';
import type { Series } from '../candles/series.js';
import { SeriesRegister } from '../candles/series-register.js';
import { Clock } from '../common/clock.js';
import { Config } from '../config/config.js';
import { SqliteDatabase } from '../database/sqlite/sqlite-database.js';
import { ExchangeRegistry } from '../exchanges/exchange-registry.js';
import { LockService } from '../locks/lock.service.js';
import { LocksModule } from '../locks/locks.module.js';
import { Log } from '../logging/log.js';
import { ExchangeBudgetModule } from './budget/exchange-budget.module.js';
import { CollectorReport } from './collector-report.js';
import { CollectorJobs } from './collector.jobs.js';
import { CollectorSeat } from './collector-seat.js';
import { CollectorService } from './collector.service.js';
import { HousekeepingJob } from './housekeeping.job.js';
import { LiveStreams } from './live-streams.js';
import { MarketCheck } from './market-check.js';
import { MarketLists } from './market-lists.js';
import { MarketWatch } from './market-watch.js';
import { RetentionJob } from './retention.job.js';
import { SeriesCatalog } from './series-catalog.js';
import { SeriesScopes } from './series-scopes.js';

/**
 * Collects what `CRYPTOFLOW_MARKETS` names, on a schedule, together with every other collector on the database.
 * Needs `ExchangesModule.forRoot()` beside it.
 */
@Module({
  imports: [
    ScheduleModule.forRoot(),
    LocksModule,
    CandleReadingModule,
    CandleWritingModule,
    ExchangeBudgetModule,
    CandleJobsModule,
  ],
  providers: [
    SeriesCatalog,
    CollectorSeat,
    MarketLists,
    MarketCheck,
    {
      provide: LiveStreams,
      inject: [CandleStore, Clock, Log],
      useFactory: (store: CandleStore, clock: Clock, log: Log) => new LiveStreams(store, clock, log),
    },
    {
      provide: SeriesScopes,
      inject: [
        ExchangeRegistry,
        CandleStore,
        LockService,
        Clock,
        Log,
        Config,
        SqliteDatabase,
        MarketLists,
        SeriesRegister,
        LiveStreams,
      ],
      useFactory: (
        exchanges: ExchangeRegistry,
        store: CandleStore,
        locks: LockService,
        clock: Clock,
        log: Log,
        { backfill, retention, live }: Config,
        { queue }: SqliteDatabase,
        markets: MarketLists,
        register: SeriesRegister,
        streams: LiveStreams,
      ) => {
        const isBulkPaused = () => queue.isPaused;
        const listings = (series: Series) => register.listings(series);
        const shared = { store, locks, clock, log, backfill, retention, isBulkPaused, listings };
        return new SeriesScopes(exchanges, shared, markets, live === 'auto' ? streams : null);
      },
    },
    MarketWatch,
    CollectorService,
    CollectorReport,
    CollectorJobs,
    HousekeepingJob,
    RetentionJob,
  ],
  exports: [CollectorService, CollectorReport, SeriesScopes, LiveStreams],
})
export class CollectorModule {}
