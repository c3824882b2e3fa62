import type { Series } from '../candles/series.js';
import { Semaphore } from '../common/semaphore.js';
import type { ExchangeClient } from '../exchanges/exchange-client.js';
import type { ExchangeRegistry } from '../exchanges/exchange-registry.js';
import type { SeriesScope } from './series-scope.js';

/** What all series share. */
export type SharedScope = Pick<SeriesScope, 'store' | 'locks' | 'clock' | 'log' | 'backfill'>;

/** Makes the surroundings of a worker. All series of one exchange share its limit of concurrent requests. */
export class SeriesScopes {
  private readonly gates = new Map<string, Semaphore>();

  constructor(
    private readonly exchanges: ExchangeRegistry,
    private readonly shared: SharedScope,
  ) {}

  for(series: Series): SeriesScope {
    const { symbol, interval } = series;
    const client = this.exchanges.get(series.exchange);
    const gate = this.gate(client);
    return {
      ...this.shared,
      series,
      pageSize: async (signal) => {
        await client.markets(signal);
        return client.pageSize(symbol, interval);
      },
      fetch: (request) =>
        gate.run(() => client.fetchCandles({ ...request, symbol, interval }), request.signal),
    };
  }

  private gate(client: ExchangeClient): Semaphore {
    let gate = this.gates.get(client.id);
    if (!gate) this.gates.set(client.id, (gate = new Semaphore(client.concurrency)));
    return gate;
  }
}
