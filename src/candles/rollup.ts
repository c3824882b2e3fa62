import { compareDecimals } from '../common/decimal.js';
import { fromScaled, sumScaled, toScaled, type ScaledDecimal } from '../common/decimal-sum.js';
import { countOpenTimes, stepOpenTime, type Interval } from '../common/interval.js';
import type { Candle } from './candle.js';

/** The interval that rollups are made from. */
export const ROLLUP_SOURCE = '1m';

export type RollupInterval = Exclude<Interval, typeof ROLLUP_SOURCE>;

export function isRollupInterval(interval: Interval): interval is RollupInterval {
  return interval !== ROLLUP_SOURCE;
}

/** Whether candles of `interval` can be put together from those of `source`, both on their own grids. */
export function isMadeOf(interval: Interval, source: Interval): boolean {
  const [whole, part] = [minutesOf(interval, LONGEST), minutesOf(source, LONGEST)];
  return part < whole && minutesOf('1d', LONGEST) % part === 0 && (interval === '1M' || whole % part === 0);
}

export interface RollupLevel {
  readonly interval: RollupInterval;
  /** The interval whose candles this one is put together from; a candle of it lies in one candle of this. */
  readonly source: Interval;
}

/** Each level after its source, so that one pass in this order computes them all. */
export const ROLLUP_LEVELS: readonly RollupLevel[] = [
  { interval: '3m', source: '1m' },
  { interval: '5m', source: '1m' },
  { interval: '15m', source: '5m' },
  { interval: '30m', source: '15m' },
  { interval: '1h', source: '30m' },
  { interval: '2h', source: '1h' },
  { interval: '4h', source: '2h' },
  { interval: '6h', source: '2h' },
  { interval: '8h', source: '4h' },
  { interval: '12h', source: '6h' },
  { interval: '1d', source: '12h' },
  { interval: '3d', source: '1d' },
  { interval: '1w', source: '1d' },
  { interval: '1M', source: '1d' },
];

/** A candle made of others, or one that others are made of. Its volume is kept ready for adding. */
export interface Rollup extends Omit<Candle, 'volume'> {
  readonly volume: ScaledDecimal;
  /** How many one-minute candles it is made of. */
  readonly minutes: number;
}

/** @param minutes how many one-minute candles the candle is made of */
export function toRollup(candle: Candle, minutes = 1): Rollup {
  const { openTime, open, high, low, close, volume } = candle;
  return { openTime, open, high, low, close, volume: toScaled(volume), minutes };
}

export function toCandle({ openTime, open, high, low, close, volume }: Rollup): Candle {
  return { openTime, open, high, low, close, volume: fromScaled(volume) };
}

/**
 * The candle that opens at `openTime` and is made of `parts`, exact in every digit.
 *
 * @param parts ascending, at least one
 */
export function mergeRollups(openTime: number, parts: readonly Rollup[]): Rollup {
  const first = parts[0]!;
  let { high, low } = first;
  let minutes = 0;
  for (const part of parts) {
    if (compareDecimals(part.high, high) > 0) high = part.high;
    if (compareDecimals(part.low, low) < 0) low = part.low;
    minutes += part.minutes;
  }
  const volume = sumScaled(parts.map((part) => part.volume));
  return { openTime, open: first.open, high, low, close: parts.at(-1)!.close, volume, minutes };
}

/** No candle of an interval has more minutes than its candle of this time: 1 January begins a month of 31 days. */
export const LONGEST = 0;

/** How many minutes the candle that opens at `openTime` lasts. */
export function minutesOf(interval: Interval, openTime: number): number {
  return countOpenTimes(ROLLUP_SOURCE, openTime, stepOpenTime(interval, openTime, 1));
}
