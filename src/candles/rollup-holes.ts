import { countOpenTimes, stepOpenTime, type Interval } from '../common/interval.js';
import type { Window } from './coverage.js';
import { ROLLUP_SOURCE } from './rollup.js';

/** A candle of a page, as far as it matters whether it is whole. */
export interface CountedCandle {
  readonly openTime: number;
  /** How many one-minute candles it is made of. */
  readonly minutes: number;
}

/**
 * The open times of those whose source has holes.
 *
 * @param candles ascending
 * @param excused stretches in which there is nothing to have, ascending, without overlaps
 * @param end after which there can be nothing yet, Unix ms
 */
export function withHoles(
  interval: Interval,
  candles: readonly CountedCandle[],
  excused: readonly Window[],
  end: number,
): number[] {
  let first = 0;
  return candles
    .filter(({ openTime, minutes }) => {
      const to = Math.min(end, stepOpenTime(interval, openTime, 1));
      let wanted = countOpenTimes(ROLLUP_SOURCE, openTime, to);
      while (first < excused.length && excused[first]!.to <= openTime) first += 1;
      for (let index = first; index < excused.length && excused[index]!.from < to; index += 1) {
        const span = excused[index]!;
        wanted -= countOpenTimes(ROLLUP_SOURCE, Math.max(span.from, openTime), Math.min(span.to, to));
      }
      return minutes < wanted;
    })
    .map(({ openTime }) => openTime);
}
