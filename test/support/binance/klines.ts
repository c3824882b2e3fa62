import type { Candle } from '../../../src/candles/candle.js';
import { stepOpenTime, type Interval } from '../../../src/common/interval.js';

/**
 * A row of `GET /api/v3/klines`: open time, open, high, low, close, volume, close time, quote volume, trades, the takers'
 * volumes, and a field to be ignored.
 * https://developers.binance.com/docs/binance-spot-api-docs/rest-api/market-data-endpoints#klinecandlestick-data
 */
export type Kline = readonly unknown[];

/** Where the figures of a kline stand. */
export const FIELD = { openTime: 0, open: 1, high: 2, low: 3, close: 4, volume: 5 } as const;

export function toKline({ openTime, open, high, low, close, volume }: Candle, interval: Interval): Kline {
  const quoteVolume = (Number(close) * Number(volume)).toFixed(8);
  const figures = [open, high, low, close, volume].map(pad);
  const closeTime = stepOpenTime(interval, openTime, 1) - 1;
  return [openTime, ...figures, closeTime, quoteVolume, 42, pad(volume), quoteVolume, '0'];
}

/** A candle as it stands before much has been traded in it: sound by every check, and wrong once it has closed. */
export function asForming({ openTime, open }: Candle): Candle {
  return { openTime, open, high: open, low: open, close: open, volume: '0.00000001' };
}

/** Binance writes eight decimals. */
function pad(decimal: string): string {
  const [whole = '', fraction = ''] = decimal.split('.');
  return `${whole}.${fraction.padEnd(8, '0')}`;
}
