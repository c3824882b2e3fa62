import { Inject, Injectable } from '@nestjs/common';
import type { Candle } from '../../candles/candle.js';
import { CandlePages } from '../../candles/candle-pages.js';
import { SeriesReader } from '../../candles/series-reader.js';
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
  ) {}

  /**
   * The oldest from the start where there is one, the newest up to the end otherwise. Ascending; the last one may be open.
   *
   * @throws BinanceRefusal
   * @throws NotKeptError
   */
  async read(market: ListedMarket, query: KlinesQuery): Promise<Candle[]> {
    const { interval, startTime, endTime, limit, timeZone } = query;
    // Known before the interval is looked at, so that one that is not kept is refused in every zone.
    const source = await this.series.find(market.exchange, market.symbol, interval);
    if (isShifted(interval, timeZone)) return this.zoned.read(market, query);
    const order = startTime === undefined ? 'desc' : 'asc';
    const to = endTime === undefined ? undefined : endTime + 1;
    // From after its end nothing is asked for.
    if (startTime !== undefined && to !== undefined && startTime >= to) return [];
    const { candles } = await this.pages.rows(source, { from: startTime, to, limit, order, closed: false });
    return order === 'asc' ? candles : candles.toReversed();
  }
}
