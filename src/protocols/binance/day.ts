import type { Candle } from '../../candles/candle.js';
import { compareDecimals } from '../../common/decimal.js';
import { average, difference, percentOf, sum, sumOfProducts } from './figures.js';

/** What has happened in a market in the last 24 hours. Times are Unix ms. */
export interface Day {
  readonly openTime: number;
  readonly closeTime: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly last: string;
  /** Of the candle before the first one. */
  readonly previousClose: string;
  readonly volume: string;
  /** An estimate, as it is not kept: what each candle would have come to at its close. */
  readonly quoteVolume: string;
}

/**
 * Puts the candles of a day together.
 *
 * @param candles ascending; what opens before `openTime` only tells the previous close
 * @param known the last price where there is no candle
 */
export function toDay(
  candles: readonly Candle[],
  { openTime, closeTime, known = '0' }: { openTime: number; closeTime: number; known?: string },
): Day {
  const before = candles.filter((candle) => candle.openTime < openTime).at(-1)?.close;
  const inside = candles.filter((candle) => candle.openTime >= openTime);
  const last = inside.at(-1)?.close ?? before ?? known;
  const open = inside[0]?.open ?? last;
  let [high, low] = [inside[0]?.high ?? last, inside[0]?.low ?? last];
  for (const candle of inside) {
    if (compareDecimals(candle.high, high) > 0) high = candle.high;
    if (compareDecimals(candle.low, low) < 0) low = candle.low;
  }
  return {
    openTime,
    closeTime,
    open,
    high,
    low,
    last,
    previousClose: before ?? open,
    volume: sum(inside.map(({ volume }) => volume)),
    quoteVolume: sumOfProducts(inside.map(({ volume, close }) => [volume, close])),
  };
}

/** No trade is kept: none is the first, and they are not counted. */
const NO_TRADES = { firstId: -1, lastId: -1, count: 0 };

export function miniTicker(symbol: string, day: Day) {
  return {
    symbol,
    openPrice: day.open,
    highPrice: day.high,
    lowPrice: day.low,
    lastPrice: day.last,
    volume: day.volume,
    quoteVolume: day.quoteVolume,
    openTime: day.openTime,
    closeTime: day.closeTime,
    ...NO_TRADES,
  };
}

export function fullTicker(symbol: string, day: Day) {
  const priceChange = difference(day.last, day.open);
  return {
    symbol,
    priceChange,
    priceChangePercent: percentOf(priceChange, day.open) ?? '0',
    weightedAvgPrice: average(day.quoteVolume, day.volume) ?? day.last,
    prevClosePrice: day.previousClose,
    lastPrice: day.last,
    lastQty: '0',
    ...book(day.last),
    openPrice: day.open,
    highPrice: day.high,
    lowPrice: day.low,
    volume: day.volume,
    quoteVolume: day.quoteVolume,
    openTime: day.openTime,
    closeTime: day.closeTime,
    ...NO_TRADES,
  };
}

/** No order book is kept: the last price stands for both of its sides. */
export function book(last: string) {
  return { bidPrice: last, bidQty: '0', askPrice: last, askQty: '0' };
}
