import type { Window } from '../candles/coverage.js';
import {
  countOpenTimes,
  firstOpenTimeFrom,
  openTimeAt,
  stepOpenTime,
  type Grid,
} from '../common/interval.js';

/** What a search found about `[from, to)`. */
export type Listing =
  /** There is nothing before this open time: the market was listed then. */
  | { readonly kind: 'at'; readonly openTime: number }
  /** The market is as old as `from`, or older. */
  | { readonly kind: 'older' }
  /** There is not a single candle before `to`. */
  | { readonly kind: 'none' }
  /** The answers contradict each other. */
  | { readonly kind: 'unknown' };

export interface ListingQuestion {
  readonly interval: Grid;
  readonly pageSize: number;
  /** From where on history is wanted, Unix ms. */
  readonly from: number;
  /** Before this nothing is known, Unix ms. */
  readonly to: number;
  /** An open time that may well be the oldest. */
  readonly candidate?: number | null;
}

/** A window to look into; what is sent back is the open time of the oldest candle in it, or null. */
export type ListingSearch = Generator<Window, Listing, number | null>;

/** How much farther back each look lies than the one before. */
const STRIDE = 4;
/** An outage as long as this is not taken for the time before the listing, in milliseconds: 7 days. */
const OUTAGE_MS = 7 * 86_400_000;

/**
 * Finds the oldest candle of a market with a number of requests that follows the logarithm of its age.
 *
 * The first look is at the whole stretch: an exchange that starts its answers with the oldest candle tells it at once.
 * Whatever comes, or does not, is then put to the proof: looks of one page each, farther and farther back, at least two,
 * the last of them a week back or more. Where one finds a candle, the oldest lies there or before, and the search between
 * that look and the next goes on by halves.
 *
 * A market that existed before is missed only if every one of the looks fell on a hole: an outage before the first candle
 * is seen through as soon as there is a look beyond it.
 */
export function* listingSearch({ interval, pageSize, from, to, candidate }: ListingQuestion): ListingSearch {
  const step = (time: number, pages: number) => stepOpenTime(interval, time, pages * pageSize);
  let left = 15 + 8 * Math.ceil(Math.log2(1 + countOpenTimes(interval, from, to) / pageSize));
  let oldest = candidate ?? (yield { from, to });
  for (;;) {
    if (left <= 0) return { kind: 'unknown' };
    if (oldest !== null && oldest <= from) return { kind: 'older' };
    const end = oldest ?? to;
    const look = function* (start: number): Generator<Window, number | null, number | null> {
      left -= 1;
      return yield { from: start, to: Math.min(step(start, 1), end) };
    };
    const found: { at: number; oldest: number } | null = yield* farthest(end, look);
    if (found === null) return oldest === null ? { kind: 'none' } : { kind: 'at', openTime: oldest };
    oldest = found.oldest;
  }

  /** The oldest candle of the farthest look that finds one, narrowed down to a page that has an empty one before it. */
  function* farthest(end: number, look: (start: number) => Generator<Window, number | null, number | null>) {
    let hit: { at: number; oldest: number } | null = null;
    let empty: number | null = null;
    for (const start of looksBack(end)) {
      const oldestThere: number | null = yield* look(start);
      if (oldestThere !== null) [hit, empty] = [{ at: start, oldest: oldestThere }, null];
      else if (hit !== null) empty ??= start;
    }
    while (hit !== null && empty !== null && countOpenTimes(interval, empty, hit.at) > pageSize) {
      const middle: number = openTimeAt(interval, (empty + hit.at) / 2);
      const oldestThere: number | null = yield* look(middle);
      if (oldestThere !== null) hit = { at: middle, oldest: oldestThere };
      else empty = middle;
    }
    return hit;
  }

  /** Where the looks begin: 1, 4, 16, … pages before `end`, and at `from`; farther back where that is near. */
  function looksBack(end: number): number[] {
    const starts: number[] = [];
    const epoch = firstOpenTimeFrom(interval, 0);
    for (let pages = 1; ; pages *= STRIDE) {
      const far = Math.max(epoch, step(end, -pages));
      const nearer = starts.at(-1) ?? end;
      if (far < from && from < nearer && starts.length > 0) starts.push(from);
      const isFarEnough = starts.length >= 2 && starts.at(-1)! <= Math.min(from, end - OUTAGE_MS);
      if (isFarEnough || far >= nearer) return starts;
      starts.push(far);
    }
  }
}
