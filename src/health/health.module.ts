import { Module, type DynamicModule } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { CandleReadingModule } from '../candles/candles.module.js';
import { CollectorModule } from '../collector/collector.module.js';
import { LocksModule } from '../locks/locks.module.js';
import { CollectorIndicator } from './collector.indicator.js';
import { DatabaseIndicator } from './database.indicator.js';
import { HealthController, Indicators } from './health.controller.js';
import { LocksIndicator } from './locks.indicator.js';

/** Health and probes, through Terminus. */
@Module({})
export class HealthModule {
  /** @param collects whether this process collects, and so has leases and workers of its own to report on */
  static forRoot({ collects }: { collects: boolean }): DynamicModule {
    return {
      module: HealthModule,
      imports: [
        // A failing probe is told to who asks; logging it each time would drown the rest.
        TerminusModule.forRoot({ logger: false }),
        CandleReadingModule,
        ...(collects ? [LocksModule, CollectorModule] : []),
      ],
      controllers: [HealthController],
      providers: [
        DatabaseIndicator,
        LocksIndicator,
        CollectorIndicator,
        {
          provide: Indicators,
          inject: [DatabaseIndicator, LocksIndicator, CollectorIndicator],
          useFactory: (...all: [DatabaseIndicator, LocksIndicator, CollectorIndicator]) =>
            new Indicators(...all),
        },
      ],
    };
  }
}
