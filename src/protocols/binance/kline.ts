import type { Candle } from '../../candles/candle.js';
import { anchorOf, gridOf, stepOpenTime, type Interval } from '../../common/interval.js';

/** A candle as Binance writes it. What is not kept is zero: the quote volume, the trades, and what takers bought. */
export type Kline = readonly [
  openTime: number,
  open: string,
  high: string,
  low: string,
  close: string,
  volume: string,
  closeTime: number,
  quoteVolume: '0',
  trades: 0,
  takerBase: '0',
  takerQuote: '0',
  unused: '0',
];

/** @param interval of the candle, which may open off its grid: days of another zone last as long, and months as well */
export function toKline({ openTime, open, high, low, close, volume }: Candle, interval: Interval): Kline {
  const grid = gridOf({ interval, anchor: anchorOf(interval, openTime) });
  const closeTime = stepOpenTime(grid, openTime, 1) - 1;
  return [openTime, open, high, low, close, volume, closeTime, '0', 0, '0', '0', '0'];
}
