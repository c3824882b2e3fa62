import { Module, type DynamicModule, type ModuleMetadata, type Type } from '@nestjs/common';
import { ARCHIVE, archiveProvider } from './archive/archive.provider.js';
import type { ExchangeClient } from './exchange-client.js';
import { ExchangeRegistry, OWN_CLIENTS } from './exchange-registry.js';
import { SimulatorClient } from './simulator/simulator.client.js';

export interface ExchangesModuleOptions {
  /** Your own exchanges. Each is a Nest provider, created once. One with the id of a ccxt exchange takes its place. */
  readonly clients?: ReadonlyArray<Type<ExchangeClient>>;
  /** Modules that export what the clients inject; one of them may export an `ExchangeGuard`. */
  readonly imports?: ModuleMetadata['imports'];
}

/**
 * The exchanges: the simulator, ccxt's, and your own. Needs a `Clock` and `EXCHANGE_OPTIONS` from a global module.
 *
 * @example ExchangesModule.forRoot({ clients: [MyExchange] })
 */
@Module({})
export class ExchangesModule {
  static forRoot({ clients = [], imports = [] }: ExchangesModuleOptions = {}): DynamicModule {
    const own = [SimulatorClient, ...clients];
    return {
      module: ExchangesModule,
      global: true,
      imports,
      providers: [
        ...own,
        { provide: OWN_CLIENTS, useFactory: (...instances: ExchangeClient[]) => instances, inject: own },
        archiveProvider,
        ExchangeRegistry,
      ],
      exports: [ExchangeRegistry, ARCHIVE],
    };
  }
}
