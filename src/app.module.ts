import { Module, type DynamicModule } from '@nestjs/common';
import { CandlesApiModule } from './candles/candles.module.js';
import { CollectorModule } from './collector/collector.module.js';
import { Clock, SystemClock } from './common/clock.js';
import { Lifecycle } from './common/lifecycle.js';
import { Config } from './config/config.js';
import { DatabaseModule } from './database/database.module.js';
import { EXCHANGE_OPTIONS } from './exchanges/exchange-options.js';
import { ExchangesModule } from './exchanges/exchanges.module.js';
import { HealthModule } from './health/health.module.js';
import { HttpModule } from './http/http.module.js';
import { Log } from './logging/log.js';

/** The composition root: what each role is made of. Nowhere else is an implementation chosen. */
@Module({})
export class AppModule {
  static forRoot(config: Config, log: Log): DynamicModule {
    const collects = config.role !== 'api';
    const answers = config.role !== 'collector';
    return {
      module: AppModule,
      imports: [
        foundation(config, log),
        DatabaseModule.forRoot({ writable: collects }),
        HttpModule,
        HealthModule.forRoot({ collects }),
        ...(answers ? [CandlesApiModule] : []),
        ...(collects ? [ExchangesModule.forRoot(), CollectorModule] : []),
      ],
    };
  }
}

@Module({})
class FoundationModule {}

function foundation(config: Config, log: Log): DynamicModule {
  return {
    module: FoundationModule,
    global: true,
    providers: [
      { provide: Config, useValue: config },
      { provide: Log, useValue: log },
      { provide: Clock, useClass: SystemClock },
      { provide: EXCHANGE_OPTIONS, useValue: config.exchanges },
      Lifecycle,
    ],
    exports: [Config, Log, Clock, EXCHANGE_OPTIONS, Lifecycle],
  };
}
