import { countOpenTimes, openTimeAt, stepOpenTime, type Interval } from '../common/interval.js';
import type { Candle } from './candle.js';
import { mergeRollups, toRollup, type Rollup, type RollupLevel } from './rollup.js';

/** A candle that a batch touches. */
export interface Touched {
  readonly openTime: number;
  /** Null where the batch does not hold all of it. */
  readonly rollup: Rollup | null;
}

/** What follows from a batch of one-minute candles alone, by interval, ascending. */
export type RollupDraft = ReadonlyMap<Interval, readonly Touched[]>;

/** @param candles of one minute, in any order; of two with one open time the later counts */
export function draftMinutes(candles: readonly Candle[]): Touched[] {
  const minutes: Touched[] = [];
  for (const candle of candles.toSorted((a, b) => a.openTime - b.openTime)) {
    if (minutes.at(-1)?.openTime === candle.openTime) minutes.pop();
    minutes.push({ openTime: candle.openTime, rollup: toRollup(candle) });
  }
  return minutes;
}

/** @param parts what the batch touches of the level's source */
export function draftLevel({ interval, source }: RollupLevel, parts: readonly Touched[]): Touched[] {
  const level: Touched[] = [];
  for (let start = 0; start < parts.length;) {
    const openTime = openTimeAt(interval, parts[start]!.openTime);
    const closeTime = stepOpenTime(interval, openTime, 1);
    const whole: Rollup[] = [];
    let end = start;
    for (; end < parts.length && parts[end]!.openTime < closeTime; end += 1) {
      const { rollup } = parts[end]!;
      if (rollup) whole.push(rollup);
    }
    const isWhole = whole.length === countOpenTimes(source, openTime, closeTime);
    level.push({ openTime, rollup: isWhole ? mergeRollups(openTime, whole) : null });
    start = end;
  }
  return level;
}
