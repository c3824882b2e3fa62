import type { Candle } from '../../candles/candle.js';
import type { KeptMarket } from '../../candles/market-reader.js';
import { compareDecimals } from '../../common/decimal.js';
import { fromScaled, sumScaled, toScaled } from '../../common/decimal-sum.js';
import { describe } from './symbol-info.js';
import { exchangeName } from './symbol-index.js';

/** Of a market: the close of its newest candle, the day that it belongs to, and the one before. */
export interface QuoteFigures {
  readonly last: string;
  readonly day: Candle;
  readonly before: Candle | undefined;
}

/** An answer as JSON text: its figures are decimals, each digit of which is written as it is. */
export function quoteText(name: string, market: KeptMarket, { last, day, before }: QuoteFigures): string {
  const previous = before?.close ?? day.open;
  const { change, percent } = changeOf(previous, last);
  const words = {
    short_name: market.symbol,
    exchange: exchangeName(market.exchange),
    description: describe(market),
  };
  const figures = {
    ch: change,
    chp: percent,
    lp: last,
    // Candles know of no order book.
    ask: last,
    bid: last,
    open_price: day.open,
    // The day and the last price may be of different series, refreshed one after the other.
    high_price: compareDecimals(last, day.high) > 0 ? last : day.high,
    low_price: compareDecimals(last, day.low) < 0 ? last : day.low,
    prev_close_price: previous,
    volume: day.volume,
  };
  const texts = Object.entries(figures).map(([key, figure]) => `"${key}":${figure}`);
  return `{"s":"ok","n":${JSON.stringify(name)},"v":${JSON.stringify(words).slice(0, -1)},${texts.join(',')}}}`;
}

/** Of a symbol of which nothing can be told. */
export function noQuoteText(name: string): string {
  return JSON.stringify({ s: 'error', n: name, v: {} });
}

/**
 * What the price has changed by, exact; and in percent, rounded to two digits, half away from zero.
 *
 * @param from canonical decimals, both
 */
export function changeOf(from: string, to: string): { change: string; percent: string } {
  const [start, end] = [toScaled(from), toScaled(to)];
  const change = sumScaled([end, { units: -start.units, scale: start.scale }]);
  if (start.units === 0n) return { change: fromScaled(change), percent: '0' };
  // In hundredths of a percent: the sum has the finer scale of both.
  const dividend = change.units * 10_000n;
  const divisor = start.units * 10n ** BigInt(change.scale - start.scale);
  return { change: fromScaled(change), percent: fromScaled({ units: rounded(dividend, divisor), scale: 2 }) };
}

/** The quotient, rounded half away from zero. */
function rounded(dividend: bigint, divisor: bigint): bigint {
  const isNegative = dividend < 0n !== divisor < 0n;
  const [a, b] = [dividend < 0n ? -dividend : dividend, divisor < 0n ? -divisor : divisor];
  const quotient = (2n * a + b) / (2n * b);
  return isNegative ? -quotient : quotient;
}
