import type { Candle } from '../candles/candle.js';
import { CLOCK_TOLERANCE_MS, figureFault } from '../candles/soundness.js';
import { compareDecimals, isCanonicalDecimal } from '../common/decimal.js';
import { isOnGrid, openTimeAt, stepOpenTime, type Grid } from '../common/interval.js';

/** For so long after an update a lesser one is taken for a straggler; later it is believed, as a correction. */
const STRAGGLER_MS = 5000;

/** `refused`: no candle that could be. `stale`: older than what is known. `next`: the first update of a later candle. */
export type Verdict = 'refused' | 'stale' | 'same' | 'next';

export interface Moment {
  /** Of the series by now. */
  readonly grid: Grid;
  /** By the wall clock, Unix ms. */
  readonly now: number;
  /** By the monotonic clock, ms. */
  readonly monotonic: number;
}

/** The newest state of a forming candle that anybody told of, and what to make of another. */
export class NewestCandle {
  private candle: Candle | null = null;
  private takenAt = -Infinity;

  /** Judges a candle, and remembers it unless it is refused or stale. */
  take(candle: Candle, { grid, now, monotonic }: Moment): Verdict {
    if (!isPlausible(candle, grid, now)) return 'refused';
    const known = this.candle;
    // One step back is allowed: the last word on a candle comes after its end.
    if (candle.openTime < stepOpenTime(grid, openTimeAt(grid, now), -1)) return 'stale';
    if (known && candle.openTime < known.openTime) return 'stale';
    const later = known !== null && candle.openTime > known.openTime;
    if (known && !later && monotonic - this.takenAt < STRAGGLER_MS && isLess(candle, known)) return 'stale';
    this.candle = candle;
    this.takenAt = monotonic;
    return later ? 'next' : 'same';
  }
}

/** As the checks of closed candles have it. */
function isPlausible(candle: Candle, grid: Grid, now: number): boolean {
  const { openTime, open, high, low, close, volume } = candle;
  if (!isOnGrid(grid, openTime) || openTime > now + CLOCK_TOLERANCE_MS) return false;
  return [open, high, low, close, volume].every(isCanonicalDecimal) && figureFault(candle) === null;
}

/** Volume and high of a candle only rise, and its low only falls: less of either was said earlier. */
function isLess(candle: Candle, known: Candle): boolean {
  return (
    compareDecimals(candle.volume, known.volume) < 0 ||
    compareDecimals(candle.high, known.high) < 0 ||
    compareDecimals(candle.low, known.low) > 0
  );
}
