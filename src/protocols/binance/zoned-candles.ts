import { Inject, Injectable } from '@nestjs/common';
import type { Candle } from '../../candles/candle.js';
import { CandlePages } from '../../candles/candle-pages.js';
import { LONGEST, mergeRollups, minutesOf, toCandle, toRollup, type Rollup } from '../../candles/rollup.js';
import { SeriesReader } from '../../candles/series-reader.js';
import type { CandleSource } from '../../candles/series.js';
import {
  firstOpenTimeFrom,
  isOnGrid,
  openTimeAt,
  stepOpenTime,
  type Grid,
  type Interval,
} from '../../common/interval.js';
import type { KlinesQuery } from './binance.schemas.js';
import { invalidData } from './refusal.js';
import type { ListedMarket } from './symbol-id.js';
import { partsOfZone, zoneGrid } from './zone-grid.js';

/** Candles that one answer is made of at most, and how many are worked on at a time. */
const MAX_PARTS = 100_000;
const PIECE = 1000;

interface Parts {
  readonly interval: Interval;
  readonly source: CandleSource;
}

/** Puts together candles of a zone whose days begin within ours: nobody keeps those. */
@Injectable()
export class ZonedCandles {
  constructor(
    @Inject(SeriesReader) private readonly series: SeriesReader,
    @Inject(CandlePages) private readonly pages: CandlePages,
  ) {}

  /**
   * Ascending; fewer than were asked for where those would be made of too many parts.
   *
   * @throws BinanceRefusal where nothing short enough is kept
   */
  async read(market: ListedMarket, query: KlinesQuery): Promise<Candle[]> {
    const { interval, startTime, endTime, timeZone } = query;
    const parts = await this.partsFor(market, interval, timeZone);
    const grid = zoneGrid(interval, timeZone);
    const perCandle = minutesOf(interval, LONGEST) / minutesOf(parts.interval, LONGEST);
    const limit = Math.min(query.limit, Math.floor(MAX_PARTS / perCandle));
    const from = startTime === undefined ? undefined : firstOpenTimeFrom(grid, startTime);
    const to = endTime === undefined ? undefined : stepOpenTime(grid, openTimeAt(grid, endTime), 1);
    if (from !== undefined && to !== undefined && from >= to) return [];
    return this.collect(parts.source, grid, { from, to, limit });
  }

  private async collect(
    source: CandleSource,
    grid: Grid,
    window: { readonly from: number | undefined; readonly to: number | undefined; readonly limit: number },
  ): Promise<Candle[]> {
    const { limit } = window;
    let { from, to } = window;
    const order = from === undefined ? 'desc' : 'asc';
    const groups = new Map<number, Rollup[]>();
    for (;;) {
      const page = await this.pages.rows(source, { from, to, limit: PIECE, order, closed: false });
      for (const part of page.candles) {
        const openTime = openTimeAt(grid, part.openTime);
        const group = groups.get(openTime);
        if (group) group.push(toRollup(part));
        else groups.set(openTime, [toRollup(part)]);
      }
      // One more than wanted has begun: those that are wanted are whole.
      if (page.next === null || groups.size > limit) break;
      if (order === 'asc') from = page.next;
      else to = page.next;
    }
    const candles = [...groups]
      .slice(0, limit)
      .map(([openTime, group]) =>
        toCandle(mergeRollups(openTime, order === 'asc' ? group : group.toReversed())),
      );
    return order === 'asc' ? candles : candles.toReversed();
  }

  /** The longest that fit. Those that an exchange lets begin at an hour of its own do not. */
  private async partsFor(market: ListedMarket, interval: Interval, timeZone: number): Promise<Parts> {
    for (const part of partsOfZone(interval, timeZone, market.intervals)) {
      const source = await this.series.find(market.exchange, market.symbol, part);
      if (source.rollup !== null) return { interval: part, source };
      const { candles } = await this.pages.rows(source, { limit: 1, order: 'desc', closed: false });
      if (candles.every(({ openTime }) => isOnGrid(part, openTime))) return { interval: part, source };
    }
    throw invalidData('timeZone');
  }
}
