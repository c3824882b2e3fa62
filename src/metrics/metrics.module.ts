import { Module, type DynamicModule } from '@nestjs/common';
import { Registry } from 'prom-client';
import { CandleReadingModule, CandleWritingModule, LiveModule } from '../candles/candles.module.js';
import { ExchangeBudgetModule } from '../collector/budget/exchange-budget.module.js';
import { CollectorModule } from '../collector/collector.module.js';
import { LocksModule } from '../locks/locks.module.js';
import { AnswerMetrics } from './answer.metrics.js';
import { ArchiveMetrics } from './archive.metrics.js';
import { CollectorMetrics } from './collector.metrics.js';
import { DatabaseMetrics } from './database.metrics.js';
import { ExchangeMetrics } from './exchange.metrics.js';
import { HttpMetrics } from './http.metrics.js';
import { Instruments } from './instruments.js';
import { LeaseMetrics } from './lease.metrics.js';
import { LiveMetrics } from './live.metrics.js';
import { MetricsController } from './metrics.controller.js';
import { ProcessMetrics } from './process.metrics.js';
import { QuarantineMetrics } from './quarantine.metrics.js';
import { RollupMetrics } from './rollup.metrics.js';
import { SeriesMetrics } from './series.metrics.js';
import { WriterMetrics } from './writer.metrics.js';

/** `/metrics`. Modules of an extension add figures of their own: through `Instruments`, or in prom-client's `Registry`. */
@Module({})
export class MetricsModule {
  /**
   * @param collects whether this process writes and holds leases, and so has figures of that
   * @param answers whether it answers for candles
   */
  static forRoot({ collects, answers }: { collects: boolean; answers: boolean }): DynamicModule {
    return {
      module: MetricsModule,
      global: true,
      imports: [
        CandleReadingModule,
        ...(answers ? [LiveModule] : []),
        ...(collects ? [LocksModule, CandleWritingModule, CollectorModule, ExchangeBudgetModule] : []),
      ],
      controllers: [MetricsController],
      providers: [
        { provide: Registry, useFactory: () => new Registry() },
        Instruments,
        ProcessMetrics,
        HttpMetrics,
        DatabaseMetrics,
        SeriesMetrics,
        RollupMetrics,
        ...(answers ? [AnswerMetrics] : []),
        ...(collects
          ? [
              WriterMetrics,
              LeaseMetrics,
              ArchiveMetrics,
              CollectorMetrics,
              QuarantineMetrics,
              ExchangeMetrics,
              LiveMetrics,
            ]
          : []),
      ],
      exports: [Registry, Instruments],
    };
  }
}
