import { Inject, Injectable } from '@nestjs/common';
import { CandleStore } from '../candles/candle-store.js';
import { SeriesRegister, type ActiveSeries } from '../candles/series-register.js';
import { backoffMs } from '../common/backoff.js';
import { Clock } from '../common/clock.js';
import { Config } from '../config/config.js';
import { isWildcard, type MarketSelector } from '../config/market-selector.js';
import { Log } from '../logging/log.js';
import { asksFor } from './market-changes.js';

/** For so long what was read holds, in milliseconds, once there is something to collect. */
const FRESH_MS = 3000;

/**
 * Which series are to be collected: those that the configured markets name, or that the API was asked for, without the
 * paused and the delisted. What
 * the wildcards stand for is found by `MarketWatch`, in whichever process, and read from the database here.
 */
@Injectable()
export class SeriesCatalog {
  private known: readonly ActiveSeries[] = [];
  private readAt = -Infinity;
  /** Whether the configuration asks for a series, by its id. */
  private readonly wanted = new Map<number, boolean>();

  constructor(
    @Inject(Config) private readonly config: Config,
    @Inject(CandleStore) private readonly store: CandleStore,
    @Inject(SeriesRegister) private readonly register: SeriesRegister,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {}

  /** Makes the series of the markets that are named in full, whether their exchanges answer or not. */
  async load(signal: AbortSignal): Promise<void> {
    const named = this.config.markets.filter((selector) => !isWildcard(selector));
    await Promise.all(named.map((selector) => this.loadOne(selector, signal)));
  }

  async kept(): Promise<readonly ActiveSeries[]> {
    const now = this.clock.monotonic();
    if (this.known.length > 0 && now - this.readAt < FRESH_MS) return this.known;
    const active = await this.register.active();
    this.known = active.filter((series) => this.isWanted(series));
    this.readAt = now;
    return this.known;
  }

  private isWanted(series: ActiveSeries): boolean {
    if (series.requested) return true;
    let wanted = this.wanted.get(series.id);
    if (wanted === undefined) {
      wanted = this.config.markets.some((selector) => asksFor(selector, series));
      this.wanted.set(series.id, wanted);
    }
    return wanted;
  }

  private async loadOne(selector: MarketSelector, signal: AbortSignal): Promise<void> {
    const { exchange, symbol, intervals } = selector;
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        for (const interval of intervals) await this.store.ensureSeries(exchange, symbol, interval);
        this.readAt = -Infinity;
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.log.warn('collector.series.failed', { exchange, symbol, error });
        await this.clock.sleep(backoffMs(attempt, { baseMs: 1000 }), signal).catch(() => undefined);
      }
    }
  }
}
