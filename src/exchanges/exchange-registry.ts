import { Inject, Injectable, Optional, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { ExchangeOptions } from '../config/environment.schema.js';
import { ArchiveFirstClient } from './archive/archive-first.client.js';
import { ARCHIVE, ARCHIVED_EXCHANGE } from './archive/archive.provider.js';
import type { CandleArchive } from './archive/candle-archive.js';
import { CcxtClient } from './ccxt/ccxt.client.js';
import type { ExchangeClient } from './exchange-client.js';
import { ExchangeGuard } from './exchange-guard.js';
import { EXCHANGE_OPTIONS } from './exchange-options.js';
import { guarded } from './guarded-client.js';

/** Injection token of the clients that are not ccxt's: the simulator and whatever was registered. */
export const OWN_CLIENTS = Symbol('OWN_CLIENTS');

/** Finds the client of an exchange by its id; one instance each, closed with the application. */
@Injectable()
export class ExchangeRegistry implements OnApplicationShutdown {
  private readonly clients = new Map<string, ExchangeClient>();

  constructor(
    @Inject(OWN_CLIENTS) own: readonly ExchangeClient[],
    @Inject(EXCHANGE_OPTIONS) private readonly options: ExchangeOptions,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ARCHIVE) private readonly archive: CandleArchive | null,
    @Optional() @Inject(ExchangeGuard) private readonly guard?: ExchangeGuard,
  ) {
    for (const client of own) {
      if (this.clients.has(client.id)) throw new Error(`two clients are registered for ${client.id}`);
      this.clients.set(client.id, this.guarded(client));
    }
  }

  /** An id that is not registered is taken for one of ccxt's; if ccxt has no such exchange, the client fails on use. */
  get(id: string): ExchangeClient {
    let client = this.clients.get(id);
    if (client === undefined) {
      const options = Object.hasOwn(this.options, id) ? this.options[id] : undefined;
      const api = this.guarded(new CcxtClient(id, options ?? {}, this.clock, this.guard));
      client = this.withArchive(api);
      this.clients.set(id, client);
    }
    return client;
  }

  private guarded(client: ExchangeClient): ExchangeClient {
    return this.guard ? guarded(client, this.guard) : client;
  }

  /** What comes from the archive is not of the exchange's budget. */
  private withArchive(client: ExchangeClient): ExchangeClient {
    if (client.id !== ARCHIVED_EXCHANGE || !this.archive) return client;
    return new ArchiveFirstClient(client, this.archive, this.clock);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled([...this.clients.values()].map((client) => client.close()));
  }
}
