import { openTimeAt, stepOpenTime, type Interval } from '../common/interval.js';
import type { Window } from './coverage.js';
import { mergeRollups, ROLLUP_LEVELS, ROLLUP_SOURCE, type Rollup, type RollupInterval } from './rollup.js';
import type { StoredRanges } from './rollup-completion.js';

/** What the end of a series looks like that others are made of. */
export interface SeriesEnd {
  /** Its interval. */
  readonly source: Interval;
  /** Open time of its newest closed candle, or null. */
  readonly newest: number | null;
  /** Up to when it is known whether there are candles, Unix ms. */
  readonly known: number;
  /** The candle that is still open, where it is wanted. */
  readonly forming: Rollup | null;
}

/** Until when anything can be in a rollup, Unix ms. */
export function endOfSeries({ source, newest, known, forming }: SeriesEnd): number {
  return Math.max(known, endOf(newest, source), endOf(forming?.openTime ?? null, source));
}

/**
 * The stretch of time of the candle that holds the newest minute, where that candle is not stored, since its last minute
 * has not come; null where there is none.
 */
export function openBucket(interval: RollupInterval, { newest }: SeriesEnd): Window | null {
  if (newest === null) return null;
  const from = openTimeAt(interval, newest);
  const to = stepOpenTime(interval, from, 1);
  return to > endOf(newest) ? { from, to } : null;
}

/** The fewest stored candles that together make `[from, newest minute]`: hours of the day, then minutes of the hour, … */
export function partsOf(interval: RollupInterval, from: number, newest: number): StoredRanges {
  const ranges = new Map<Interval, Window[]>();
  let start = from;
  for (let source = sourceOf(interval); ; source = sourceOf(source)) {
    const to = openTimeAt(source, endOf(newest));
    if (to > start) ranges.set(source, [{ from: start, to }]);
    start = Math.max(start, to);
    if (source === ROLLUP_SOURCE) return ranges;
  }
}

/** The candles of the interval that `parts` make, ascending. @param parts in any order, each within one of them */
export function groupRollups(interval: RollupInterval, parts: readonly Rollup[]): Rollup[] {
  const groups = new Map<number, Rollup[]>();
  for (const part of parts.toSorted((a, b) => a.openTime - b.openTime)) {
    const openTime = openTimeAt(interval, part.openTime);
    const group = groups.get(openTime);
    if (group) group.push(part);
    else groups.set(openTime, [part]);
  }
  return [...groups].map(([openTime, group]) => mergeRollups(openTime, group));
}

function sourceOf(interval: Interval): Interval {
  return ROLLUP_LEVELS.find((level) => level.interval === interval)?.source ?? ROLLUP_SOURCE;
}

function endOf(openTime: number | null, source: Interval = ROLLUP_SOURCE): number {
  return openTime === null ? -Infinity : stepOpenTime(source, openTime, 1);
}
