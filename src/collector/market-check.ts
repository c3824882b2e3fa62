import { Inject, Injectable } from '@nestjs/common';
import { noteSteps, SeriesRegister, type RegisteredSeries } from '../candles/series-register.js';
import { Clock } from '../common/clock.js';
import type { MarketSelector } from '../config/market-selector.js';
import { inLane } from '../database/lanes.js';
import { LockService } from '../locks/lock.service.js';
import { Log } from '../logging/log.js';
import { asksFor, judgeMarkets, selectorKey, type MarketVerdict } from './market-changes.js';
import { MarketLists } from './market-lists.js';

/** How often the list of an exchange is read. */
export const CHECK_EVERY_MS = 600_000;

/** Reads the list of an exchange's markets and writes down what it changes: one process per exchange and time. */
@Injectable()
export class MarketCheck {
  constructor(
    @Inject(MarketLists) private readonly lists: MarketLists,
    @Inject(SeriesRegister) private readonly register: SeriesRegister,
    @Inject(LockService) private readonly locks: LockService,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {}

  /** Milliseconds until the list of this exchange is due to be read for these selectors. */
  async dueIn(exchange: string, selectors: readonly MarketSelector[]): Promise<number> {
    const last = await this.register.lastList(exchange);
    if (!last || !selectors.every((selector) => last.selectors.includes(selectorKey(selector)))) return 0;
    const age = this.clock.now() - last.checkedAt;
    return age < 0 ? CHECK_EVERY_MS : Math.max(0, CHECK_EVERY_MS - age);
  }

  /**
   * Reads the list, unless another process is at it or has just been.
   *
   * @returns the series that are delisted after it, or null when it was not read here
   * @throws ExchangeError
   */
  async run(
    exchange: string,
    selectors: readonly MarketSelector[],
    stop: AbortSignal,
  ): Promise<RegisteredSeries[] | null> {
    const lease = await this.locks.acquire(`markets:${exchange}`);
    if (!lease) return null;
    try {
      if ((await this.dueIn(exchange, selectors)) > 0) return null;
      const markets = await this.lists.read(exchange, AbortSignal.any([stop, lease.signal]));
      const [previous, kept] = await Promise.all([
        this.register.lastList(exchange),
        this.register.ofExchange(exchange),
      ]);
      const verdict = judgeMarkets({ now: this.clock.now(), markets, selectors, kept, previous });
      const write = () =>
        this.locks.transaction(lease, async (manager) => {
          await this.register.apply(manager, exchange, verdict.list, verdict.changes);
          const isKept = new Set([...kept, ...verdict.changes.added].map(({ symbol }) => symbol));
          await noteSteps(
            manager,
            exchange,
            markets.filter(({ symbol }) => isKept.has(symbol)),
          );
        });
      await inLane('locks', write);
      this.report(exchange, verdict, markets.length);
    } finally {
      await this.locks.release(lease);
    }
    const kept = await this.register.ofExchange(exchange);
    return kept.filter(
      (series) => series.state === 'delisted' && selectors.some((selector) => asksFor(selector, series)),
    );
  }

  private report(exchange: string, { tooShort, changes }: MarketVerdict, markets: number): void {
    if (tooShort) this.log.warn('collector.markets.too_short', { exchange, markets });
    const { added, delisted, relisted } = changes;
    if (added.length + delisted.length + relisted.length === 0) return;
    this.log.info('collector.markets.changed', {
      exchange,
      added: added.length,
      delisted: delisted.length,
      relisted: relisted.length,
    });
  }
}
