import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { RegisteredSeries } from '../candles/series-register.js';
import { backoffMs } from '../common/backoff.js';
import { Clock } from '../common/clock.js';
import { Config } from '../config/config.js';
import type { MarketSelector } from '../config/market-selector.js';
import { ExchangeError, ExchangeHeldBackError } from '../exchanges/exchange-errors.js';
import { Log } from '../logging/log.js';
import { layDelisted } from './delisted-series.js';
import { MarketCheck } from './market-check.js';
import { SeriesScopes } from './series-scopes.js';

/** How soon it is looked again whether another process has read the list, or given a series back. */
const RETRY_MS = 1000;
/** Processes that wait for one time do not all come at once: at most so much later. */
const JITTER_MS = 30_000;
/** Where asking again does not help, a setting may be mended. */
const HOPELESS_RETRY_MS = 300_000;

/** Keeps the series in step with what the configured exchanges list: markets that come, go and come back. */
@Injectable()
export class MarketWatch implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private readonly selectors = new Map<string, MarketSelector[]>();
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(Config) { markets }: Config,
    @Inject(MarketCheck) private readonly check: MarketCheck,
    @Inject(SeriesScopes) private readonly scopes: SeriesScopes,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {
    for (const selector of markets) {
      const known = this.selectors.get(selector.exchange);
      if (known) known.push(selector);
      else this.selectors.set(selector.exchange, [selector]);
    }
  }

  onApplicationBootstrap(): void {
    this.running = Promise.all([...this.selectors.keys()].map((exchange) => this.watch(exchange)));
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort(new Error('the collector is stopping'));
    await this.running;
  }

  /** An exchange that does not answer is asked again, and holds up no other. */
  private async watch(exchange: string): Promise<void> {
    const { signal } = this.stopping;
    const selectors = this.selectors.get(exchange)!;
    for (let failures = 0; !signal.aborted;) {
      let wait: number;
      try {
        wait = await this.look(exchange, selectors);
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        // Not asked is not failed, and whoever holds the exchange back has said so.
        const isHeldBack = error instanceof ExchangeHeldBackError;
        this.log[isHeldBack ? 'debug' : 'warn']('collector.markets.failed', { exchange, error });
        wait = retryDelay(error, failures);
        if (!isHeldBack) failures += 1;
      }
      await this.clock.sleep(wait, signal).catch(() => undefined);
    }
  }

  /** @returns milliseconds until the next look */
  private async look(exchange: string, selectors: readonly MarketSelector[]): Promise<number> {
    const due = await this.check.dueIn(exchange, selectors);
    if (due > 0) return due + Math.random() * JITTER_MS;
    const delisted = await this.check.run(exchange, selectors, this.stopping.signal);
    if (delisted === null) return RETRY_MS;
    const now = this.clock.now();
    for (const series of delisted) await this.lay(series, now);
    return RETRY_MS;
  }

  /** Waits for whoever still works on the series: it learns within seconds that there is nothing left to do. */
  private async lay(series: RegisteredSeries, until: number): Promise<void> {
    const { signal } = this.stopping;
    const { id, exchange, symbol, interval } = series;
    const scope = this.scopes.for({ id, exchange, symbol, interval });
    try {
      for (let attempt = 0; attempt < 30 && !signal.aborted; attempt += 1) {
        if (await layDelisted(scope, until, signal)) return;
        await this.clock.sleep(RETRY_MS, signal).catch(() => undefined);
      }
    } catch (error) {
      if (signal.aborted) return;
      this.log.warn('collector.delisted.failed', { series: id, exchange, symbol, error });
    }
  }
}

function retryDelay(error: unknown, failures: number): number {
  const wait = backoffMs(failures, { baseMs: 1000 });
  if (!(error instanceof ExchangeError)) return wait;
  return error.retryable ? Math.max(error.retryAfterMs ?? 0, wait) : HOPELESS_RETRY_MS;
}
