import { CryptoFlowError } from './errors.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Monday, 5 January 1970, in Unix milliseconds: weeks start on a Monday. */
const FIRST_MONDAY = 4 * DAY;

/** The intervals that a series can have, in ccxt's notation (`1M` is a calendar month), shortest first. */
export const INTERVALS = [
  '1m',
  '3m',
  '5m',
  '15m',
  '30m',
  '1h',
  '2h',
  '4h',
  '6h',
  '8h',
  '12h',
  '1d',
  '3d',
  '1w',
  '1M',
] as const;

export type Interval = (typeof INTERVALS)[number];

const FIXED: Record<Exclude<Interval, '1M'>, { length: number; anchor: number }> = {
  '1m': { length: MINUTE, anchor: 0 },
  '3m': { length: 3 * MINUTE, anchor: 0 },
  '5m': { length: 5 * MINUTE, anchor: 0 },
  '15m': { length: 15 * MINUTE, anchor: 0 },
  '30m': { length: 30 * MINUTE, anchor: 0 },
  '1h': { length: HOUR, anchor: 0 },
  '2h': { length: 2 * HOUR, anchor: 0 },
  '4h': { length: 4 * HOUR, anchor: 0 },
  '6h': { length: 6 * HOUR, anchor: 0 },
  '8h': { length: 8 * HOUR, anchor: 0 },
  '12h': { length: 12 * HOUR, anchor: 0 },
  '1d': { length: DAY, anchor: 0 },
  '3d': { length: 3 * DAY, anchor: 0 },
  '1w': { length: 7 * DAY, anchor: FIRST_MONDAY },
};

export class UnknownIntervalError extends CryptoFlowError {
  constructor(text: string) {
    super(
      'UNKNOWN_INTERVAL',
      `unknown interval ${JSON.stringify(text.slice(0, 20))}: one of ${INTERVALS.join(', ')}`,
    );
  }
}

export function isInterval(text: string): text is Interval {
  return (INTERVALS as readonly string[]).includes(text);
}

/** @throws UnknownIntervalError */
export function parseInterval(text: string): Interval {
  if (!isInterval(text)) throw new UnknownIntervalError(text);
  return text;
}

/** The open time (Unix ms, UTC) of the candle that contains `time`. */
export function openTimeAt(interval: Interval, time: number): number {
  if (interval === '1M') {
    const date = new Date(time);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  }
  const { length, anchor } = FIXED[interval];
  return Math.floor((time - anchor) / length) * length + anchor;
}

/** The open time of the candle `steps` after (or before, when negative) the one that opens at `openTime`. */
export function stepOpenTime(interval: Interval, openTime: number, steps: number): number {
  if (interval === '1M') {
    const date = new Date(openTime);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + steps, 1);
  }
  return openTime + steps * FIXED[interval].length;
}

/** How many candles open in `[from, to)`; both must be open times of the interval. */
export function countOpenTimes(interval: Interval, from: number, to: number): number {
  if (interval === '1M') {
    const [a, b] = [new Date(from), new Date(to)];
    return (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
  }
  return (to - from) / FIXED[interval].length;
}

/** The smallest open time that is not before `time`. */
export function firstOpenTimeFrom(interval: Interval, time: number): number {
  const open = openTimeAt(interval, time);
  return open === time ? open : stepOpenTime(interval, open, 1);
}

/** Whether `time` is an open time of the interval. */
export function isOnGrid(interval: Interval, time: number): boolean {
  return openTimeAt(interval, time) === time;
}
