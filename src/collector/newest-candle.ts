import type { Candle } from '../candles/candle.js';
import { compareDecimals, isCanonicalDecimal } from '../common/decimal.js';
import { isOnGrid, openTimeAt, stepOpenTime, type Interval } from '../common/interval.js';

/** For so long after an update a lesser one is taken for a straggler; later it is believed, as a correction. */
const STRAGGLER_MS = 5000;

/** `refused`: no candle that could be. `stale`: older than what is known. `next`: the first update of a later candle. */
export type Verdict = 'refused' | 'stale' | 'same' | 'next';

/** The newest state of a forming candle that anybody told of, and what to make of another. */
export class NewestCandle {
  private candle: Candle | null = null;
  private takenAt = -Infinity;

  constructor(private readonly interval: Interval) {}

  /**
   * Judges a candle, and remembers it unless it is refused or stale.
   *
   * @param times now by the wall clock, Unix ms, and by the monotonic clock
   */
  take(candle: Candle, { now, monotonic }: { now: number; monotonic: number }): Verdict {
    if (!this.isPlausible(candle, now)) return 'refused';
    const known = this.candle;
    const open = openTimeAt(this.interval, now);
    // One step back is allowed: the last word on a candle comes after its end.
    if (candle.openTime < stepOpenTime(this.interval, open, -1)) return 'stale';
    if (known && candle.openTime < known.openTime) return 'stale';
    const later = known !== null && candle.openTime > known.openTime;
    if (known && !later && monotonic - this.takenAt < STRAGGLER_MS && isLess(candle, known)) return 'stale';
    this.candle = candle;
    this.takenAt = monotonic;
    return later ? 'next' : 'same';
  }

  private isPlausible({ openTime, open, high, low, close, volume }: Candle, now: number): boolean {
    if (![open, high, low, close, volume].every(isCanonicalDecimal)) return false;
    if (!isOnGrid(this.interval, openTime)) return false;
    // The exchange's clock may be a little ahead of ours.
    if (openTime > stepOpenTime(this.interval, openTimeAt(this.interval, now), 1)) return false;
    const inside = (price: string) => compareDecimals(low, price) <= 0 && compareDecimals(price, high) <= 0;
    return inside(open) && inside(close) && compareDecimals(volume, '0') >= 0;
  }
}

/** Volume and high of a candle only rise, and its low only falls: less of either was said earlier. */
function isLess(candle: Candle, known: Candle): boolean {
  return (
    compareDecimals(candle.volume, known.volume) < 0 ||
    compareDecimals(candle.high, known.high) < 0 ||
    compareDecimals(candle.low, known.low) > 0
  );
}
