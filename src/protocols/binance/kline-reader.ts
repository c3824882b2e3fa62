import { Inject, Injectable } from '@nestjs/common';
import { AnswerCache, type Made } from '../../candles/answer-cache.js';
import { CandlePages, type CandlePage, type PagesQuery } from '../../candles/candle-pages.js';
import { extentOf, isPast } from '../../candles/page-extent.js';
import { SeriesReader } from '../../candles/series-reader.js';
import { Clock } from '../../common/clock.js';
import { gridOf, stepOpenTime, type Interval } from '../../common/interval.js';
import type { CandleSource } from '../../candles/series.js';
import { toKline } from './kline.js';
import { klinesText } from './klines-text.js';
import type { KlinesQuery } from './binance.schemas.js';
import type { ListedMarket } from './symbol-id.js';
import { isShifted } from './zone-grid.js';
import { ZonedCandles } from './zoned-candles.js';

/** Reads the candles of a market by Binance's rules. */
@Injectable()
export class KlineReader {
  constructor(
    @Inject(SeriesReader) private readonly series: SeriesReader,
    @Inject(CandlePages) private readonly pages: CandlePages,
    @Inject(ZonedCandles) private readonly zoned: ZonedCandles,
    @Inject(AnswerCache) private readonly cache: AnswerCache,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * The oldest from the start where there is one, the newest up to the end otherwise, as JSON. Ascending; the last one may
   * be open.
   *
   * @throws BinanceRefusal
   * @throws NotKeptError
   */
  async read(market: ListedMarket, query: KlinesQuery): Promise<Buffer> {
    const { interval, startTime, endTime, limit, timeZone } = query;
    // Known before the interval is looked at, so that one that is not kept is refused in every zone.
    const source = await this.series.find(market.exchange, market.symbol, interval);
    if (isShifted(interval, timeZone)) {
      const candles = await this.zoned.read(market, query);
      return Buffer.from(JSON.stringify(candles.map((candle) => toKline(candle, interval))));
    }
    const order = startTime === undefined ? 'desc' : 'asc';
    const to = endTime === undefined ? undefined : endTime + 1;
    // From after its end nothing is asked for.
    if (startTime !== undefined && to !== undefined && startTime >= to) return Buffer.from('[]');
    const closed = isPast(source, to, this.clock.now());
    const asked = { from: startTime, to, limit, order, closed, format: 'csv' } as const;
    const key = JSON.stringify(['klines', source.series.id, source.rollup, asked]);
    const { body } = await this.cache.get(key, () => this.make(source, asked, interval));
    return body;
  }

  /**
   * The page, without a candle that is over by the clock and of which the last word has not come: clients take whatever has
   * ended for final.
   */
  private async over(source: CandleSource, query: PagesQuery): Promise<CandlePage> {
    const page = await this.pages.read(source, query);
    if (page.forming === null || page.text.length === 0) return page;
    const { series, rollup } = source;
    const newest = newestOf(page.text, query.order);
    const end = stepOpenTime(rollup ?? gridOf(series), newest, 1);
    if (newest < page.forming || end > this.clock.now()) return page;
    return { ...(await this.pages.read(source, { ...query, to: newest })), forming: page.forming };
  }

  private async make(
    source: CandleSource,
    query: PagesQuery,
    interval: Interval,
  ): Promise<Made<{ body: Buffer; size: number }>> {
    const page = await this.over(source, query);
    const csv = query.order === 'asc' ? page.text : reversed(page.text);
    const body = klinesText(csv, interval);
    return { value: { body, size: body.length }, extents: extents(source, query, page, this.clock.now()) };
  }
}

/** The open time that a page of CSV ends with, or begins with where it is descending. */
function newestOf(csv: Buffer, order: 'asc' | 'desc'): number {
  const start = order === 'asc' ? csv.lastIndexOf('\n') + 1 : 0;
  return Number(csv.toString('latin1', start, csv.indexOf(',', start)));
}

function extents(source: CandleSource, query: PagesQuery, page: CandlePage, now: number) {
  const extent = extentOf(source, query, page, now);
  return extent && [extent];
}

/** Lines in the other order. */
function reversed(csv: Buffer): Buffer {
  if (csv.length === 0) return csv;
  return Buffer.from(csv.toString('latin1').split('\n').toReversed().join('\n'), 'latin1');
}
