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

/**
 * Open times that follow each other: an interval's own, in UTC and with weeks from Monday, or the same moved by `anchor`
 * milliseconds, for exchanges whose days begin at another hour or whose weeks begin on another day.
 */
export type Grid = Interval | { readonly interval: Interval; readonly anchor: number };

/** @param anchor milliseconds; 0 or nothing is the interval's own grid */
export function gridOf({
  interval,
  anchor = 0,
}: {
  readonly interval: Interval;
  readonly anchor?: number | undefined;
}): Grid {
  return anchor === 0 ? interval : { interval, anchor };
}

/** The open time (Unix ms, UTC) of the candle that contains `time`. */
export function openTimeAt(grid: Grid, time: number): number {
  if (typeof grid === 'object') return openTimeAt(grid.interval, time - grid.anchor) + grid.anchor;
  if (grid === '1M') {
    const date = new Date(time);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  }
  const { length, anchor } = FIXED[grid];
  return Math.floor((time - anchor) / length) * length + anchor;
}

/** The open time of the candle `steps` after (or before, when negative) the one that opens at `openTime`. */
export function stepOpenTime(grid: Grid, openTime: number, steps: number): number {
  if (typeof grid === 'object') {
    return stepOpenTime(grid.interval, openTime - grid.anchor, steps) + grid.anchor;
  }
  if (grid === '1M') {
    const date = new Date(openTime);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + steps, 1);
  }
  return openTime + steps * FIXED[grid].length;
}

/** How many candles open in `[from, to)`; both must be open times of the grid. */
export function countOpenTimes(grid: Grid, from: number, to: number): number {
  if (typeof grid === 'object') {
    return countOpenTimes(grid.interval, from - grid.anchor, to - grid.anchor);
  }
  if (grid === '1M') {
    const [a, b] = [new Date(from), new Date(to)];
    return (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
  }
  return (to - from) / FIXED[grid].length;
}

/** The smallest open time that is not before `time`. */
export function firstOpenTimeFrom(grid: Grid, time: number): number {
  const open = openTimeAt(grid, time);
  return open === time ? open : stepOpenTime(grid, open, 1);
}

/** Whether `time` is an open time of the grid. */
export function isOnGrid(grid: Grid, time: number): boolean {
  return openTimeAt(grid, time) === time;
}

/**
 * How far `time` is from the nearest open time of the interval's own grid: milliseconds, negative when before it.
 *
 * @example anchorOf('1d', Date.UTC(2024, 0, 1, 16)) // -28800000: a day of UTC+8
 */
export function anchorOf(interval: Interval, time: number): number {
  const before = openTimeAt(interval, time);
  const after = stepOpenTime(interval, before, 1);
  return time - before <= after - time ? time - before : time - after;
}
