import type { Window } from '../candles/coverage.js';
import type { RejectedCandle } from '../candles/soundness.js';
import { openTimeAt, type Grid } from '../common/interval.js';

/** What rows that are no candles show all the same: that something was there. */
export interface Traces {
  /** The open times in the window for which such rows came, ascending. */
  readonly openTimes: readonly number[];
  /** Whether rows came of which it cannot be told for when. */
  readonly unplaced: boolean;
}

/** An exchange that sends something for a time, whatever it is, does not say that there is nothing. */
export function tracesIn(grid: Grid, { from, to }: Window, rejected: readonly RejectedCandle[] = []): Traces {
  const placed = rejected.flatMap(({ openTime }) =>
    openTime !== null && openTime >= from && openTime < to ? [openTimeAt(grid, openTime)] : [],
  );
  return { openTimes: placed.toSorted((a, b) => a - b), unplaced: placed.length < rejected.length };
}
