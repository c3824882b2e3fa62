import { Inject, Injectable } from '@nestjs/common';
import { CandleStore } from '../candles/candle-store.js';
import type { Series } from '../candles/series.js';
import { backoffMs } from '../common/backoff.js';
import { Clock } from '../common/clock.js';
import { Config } from '../config/config.js';
import { isWildcard, matchesSymbol, type MarketSelector } from '../config/market-selector.js';
import { ExchangeRegistry } from '../exchanges/exchange-registry.js';
import { Log } from '../logging/log.js';

/** Turns the configured markets into series. */
@Injectable()
export class SeriesCatalog {
  constructor(
    @Inject(Config) private readonly config: Config,
    @Inject(CandleStore) private readonly store: CandleStore,
    @Inject(ExchangeRegistry) private readonly exchanges: ExchangeRegistry,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {}

  /**
   * Tells of every configured series, as soon as it is known. A market that holds `*` waits for its exchange; an
   * exchange that does not answer is asked again and holds up no other.
   */
  async load(found: (series: Series) => void, signal: AbortSignal): Promise<void> {
    await Promise.all(this.config.markets.map((selector) => this.loadOne(selector, found, signal)));
  }

  private async loadOne(
    selector: MarketSelector,
    found: (series: Series) => void,
    signal: AbortSignal,
  ): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        for (const symbol of await this.symbols(selector, signal)) {
          for (const interval of selector.intervals) {
            found(await this.store.ensureSeries(selector.exchange, symbol, interval));
          }
        }
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.log.warn('collector.markets.failed', {
          exchange: selector.exchange,
          symbol: selector.symbol,
          error,
        });
        await this.clock.sleep(backoffMs(attempt, { baseMs: 1000 }), signal).catch(() => undefined);
      }
    }
  }

  private async symbols(selector: MarketSelector, signal: AbortSignal): Promise<readonly string[]> {
    if (!isWildcard(selector)) return [selector.symbol];
    const markets = await this.exchanges.get(selector.exchange).markets(signal);
    return markets
      .filter(({ active, symbol }) => active && matchesSymbol(selector.symbol, symbol))
      .map(({ symbol }) => symbol);
  }
}
