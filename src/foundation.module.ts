import { Module, type DynamicModule } from '@nestjs/common';
import { Clock, SystemClock } from './common/clock.js';
import { Lifecycle } from './common/lifecycle.js';
import { Config } from './config/config.js';
import { EXCHANGE_OPTIONS } from './exchanges/exchange-options.js';
import { Log } from './logging/log.js';

@Module({})
class FoundationModule {}

/** What every composition stands on, in all of its modules. */
export function foundation(config: Config, log: Log): DynamicModule {
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
