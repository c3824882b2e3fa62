import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { AlertsModule } from './alerts/alerts.module.js';
import { ExchangeNames } from './candles/exchange-names.js';
import { isCcxtExchange } from './exchanges/ccxt/ccxt-library.js';
import { SIMULATOR } from './exchanges/simulator/simulator.client.js';
import { CandlesApiModule } from './candles/candles.module.js';
import { ExchangeBudgetModule } from './collector/budget/exchange-budget.module.js';
import { CollectorModule } from './collector/collector.module.js';
import type { Config } from './config/config.js';
import { DatabaseModule } from './database/database.module.js';
import type { MigrationClass } from './database/migrations/migrations.js';
import { ExchangesModule, type ExchangesModuleOptions } from './exchanges/exchanges.module.js';
import { foundation } from './foundation.module.js';
import { HealthModule } from './health/health.module.js';
import { HttpModule } from './http/http.module.js';
import type { Log } from './logging/log.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { OpenApiModule } from './openapi/openapi.module.js';
import { BinanceModule } from './protocols/binance/binance.module.js';
import { StreamModule } from './protocols/stream/stream.module.js';
import { UdfModule } from './protocols/udf/udf.module.js';

/** An extension's exchanges, and their ids, for the processes that have no clients. */
export type ExtensionExchanges = ExchangesModuleOptions & { readonly names?: readonly string[] };

/** What an extension adds to the service, without a change to it. */
export interface Extension {
  /** Its modules. In a process of the role `api` there is no DataSource `writer`. */
  readonly imports?: NonNullable<ModuleMetadata['imports']>;
  /** Its tables. The names of its migrations must not begin with `CryptoFlow`. */
  readonly migrations?: readonly MigrationClass[];
  /** Its exchanges. */
  readonly exchanges?: ExtensionExchanges;
}

/** The composition root: what each role is made of. Nowhere else is an implementation chosen. */
@Module({})
export class AppModule {
  static forRoot(config: Config, log: Log, extension: Extension = {}): DynamicModule {
    const { imports = [], migrations = [], exchanges = {} } = extension;
    const collects = config.role !== 'api';
    const answers = config.role !== 'collector';
    return {
      module: AppModule,
      imports: [
        foundation(config, log),
        exchangeNames(exchanges),
        DatabaseModule.forRoot({ writable: collects, migrations }),
        HttpModule,
        HealthModule.forRoot({ collects }),
        MetricsModule.forRoot({ collects, answers }),
        AlertsModule,
        ...(answers ? [CandlesApiModule, UdfModule, BinanceModule, StreamModule, OpenApiModule] : []),
        ...(collects ? [ExchangesModule.forRoot(withBudget(exchanges)), CollectorModule] : []),
        ...imports,
      ],
    };
  }
}

/** The simulator, an extension's own, and ccxt's, whether or not this process asks them. */
function exchangeNames({ names = [] }: ExtensionExchanges): DynamicModule {
  const own = new Set([SIMULATOR, ...names]);
  const has = (id: string) => own.has(id) || isCcxtExchange(id);
  return {
    module: ExchangeNamesModule,
    global: true,
    providers: [{ provide: ExchangeNames, useValue: { has } }],
    exports: [ExchangeNames],
  };
}

@Module({})
class ExchangeNamesModule {}

/** All processes on the database ask the exchanges as one. */
function withBudget(options: ExchangesModuleOptions): ExchangesModuleOptions {
  return { ...options, imports: [ExchangeBudgetModule, ...(options.imports ?? [])] };
}
