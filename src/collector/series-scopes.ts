import type { SeriesWishes } from '../candles/series-register.js';
import type { Series } from '../candles/series.js';
import { errorCode } from '../common/errors.js';
import { Semaphore } from '../common/semaphore.js';
import type { Retention } from '../config/retention.js';
import type { CandleRequest, ExchangeClient } from '../exchanges/exchange-client.js';
import type { ExchangeRegistry } from '../exchanges/exchange-registry.js';
import type { LiveStreams } from './live-streams.js';
import { MarketLists } from './market-lists.js';
import { Rereads } from './rereads.js';
import type { SeriesScope } from './series-scope.js';

/** What all series share. */
export interface SharedScope extends Pick<
  SeriesScope,
  'store' | 'locks' | 'clock' | 'log' | 'backfill' | 'isBulkPaused' | 'listings'
> {
  /** Nothing is ever removed where there is none. */
  readonly retention?: Retention;
}

/** Pages of history on their way at once: what bounds the memory of any number of series. */
const BULK_PAGES = 16;

const NO_WISHES: SeriesWishes = { backfillFrom: null, backfillAsked: null, repairAsked: null };

/** Makes the surroundings of a worker. All series of one exchange share its limit of concurrent requests. */
export class SeriesScopes {
  readonly rereads = new Rereads();

  private readonly gates = new Map<string, Semaphore>();
  private readonly bulk = new Semaphore(BULK_PAGES);

  constructor(
    private readonly exchanges: ExchangeRegistry,
    private readonly shared: SharedScope,
    private readonly markets = new MarketLists(exchanges, shared.clock),
    private readonly live: LiveStreams | null = null,
  ) {}

  for(series: Series, wishes: SeriesWishes = NO_WISHES): SeriesScope {
    const { symbol, interval } = series;
    const client = this.exchanges.get(series.exchange);
    const gate = this.gate(client);
    const ask = async (request: Omit<CandleRequest, 'symbol'>, { urgent } = { urgent: false }) => {
      const fetch = () => client.fetchCandles({ ...request, symbol, urgent });
      try {
        return await gate.run(fetch, request.signal, { urgent });
      } catch (error) {
        // It may have been listed since.
        if (errorCode(error) !== 'EXCHANGE_BAD_SYMBOL') throw error;
        if (!(await this.markets.renew(client.id, request.signal))) throw error;
        return await gate.run(fetch, request.signal, { urgent });
      }
    };
    const scope: SeriesScope = {
      ...this.shared,
      series,
      wishes,
      keepMs: this.shared.retention?.ofCandles(series.exchange, symbol, interval) ?? null,
      rereads: this.rereads,
      openLiveFeed: this.live?.of(client) ?? null,
      tryEnterBulk: () => this.bulk.tryEnter(),
      pageSize: async (signal) => {
        await this.markets.ensure(client.id, signal);
        return client.pageSize(symbol, interval);
      },
      fetch: (request, options) => ask({ interval, anchor: scope.series.anchor, ...request }, options),
      fetchOn: (of, request) => ask({ ...of, ...request }),
    };
    return scope;
  }

  private gate(client: ExchangeClient): Semaphore {
    let gate = this.gates.get(client.id);
    if (!gate) this.gates.set(client.id, (gate = new Semaphore(client.concurrency)));
    return gate;
  }
}
