import type { Candle } from '../candles/candle.js';
import { compareDecimals } from '../common/decimal.js';
import { isOnGrid, stepOpenTime, type Interval } from '../common/interval.js';

export interface RowRules {
  readonly interval: Interval;
  /** The open times that are wanted, Unix ms, half open; null where nothing is known of them. */
  readonly window: { readonly from: number; readonly to: number } | null;
  /** Unix ms: what ends later is still open. */
  readonly now: number;
}

/** @returns why a candle must not be stored, or null */
export function findFault(candle: Candle, { interval, window, now }: RowRules): string | null {
  const { openTime, open, high, low, close, volume } = candle;
  if (!isOnGrid(interval, openTime)) return `it does not open on the grid of ${interval}`;
  if (window && (openTime < window.from || openTime >= window.to))
    return 'it opens outside of the file’s period';
  if (stepOpenTime(interval, openTime, 1) > now) return 'it is still open';
  if (isAbove(low, open) || isAbove(low, close)) return 'its low is not the lowest';
  if (isAbove(open, high) || isAbove(close, high)) return 'its high is not the highest';
  if (low.startsWith('-')) return 'it has a negative price';
  if (volume.startsWith('-')) return 'its volume is negative';
  return null;
}

function isAbove(a: string, b: string): boolean {
  return a !== b && compareDecimals(a, b) > 0;
}
