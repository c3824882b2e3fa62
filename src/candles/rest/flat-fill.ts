import { stepOpenTime, type Grid } from '../../common/interval.js';
import type { Candle } from '../candle.js';

/** A row of an answer: a candle, or what stands for one. */
export interface Row extends Candle {
  /** Whether nothing was traded, or nothing is known: the price before it, and no volume. */
  readonly filled: boolean;
  /** Whether it is over. */
  readonly closed: boolean;
}

export interface FillWindow {
  readonly grid: Grid;
  /** First open time that may be filled, Unix ms, on the grid. */
  readonly from: number;
  /** Open times from here on are not filled, Unix ms. */
  readonly to: number;
}

/**
 * The candles, and for each open time between them that has none a flat one at the close before it.
 *
 * @param candles ascending; those before `from` only lend their close
 * @yields ascending, or descending
 */
export function* fillFlat(
  candles: readonly Row[],
  { grid, from, to }: FillWindow,
  order: 'asc' | 'desc',
): Generator<Row> {
  const count = candles.length;
  for (let place = 0; place < count; place += 1) {
    const index = order === 'asc' ? place : count - 1 - place;
    const candle = candles[index]!;
    const first = Math.max(from, stepOpenTime(grid, candle.openTime, 1));
    const end = Math.min(to, candles[index + 1]?.openTime ?? to);
    if (order === 'asc') {
      if (candle.openTime >= from) yield candle;
      for (let time = first; time < end; time = stepOpenTime(grid, time, 1)) yield flatAfter(candle, time);
    } else {
      for (let time = stepOpenTime(grid, end, -1); time >= first; time = stepOpenTime(grid, time, -1)) {
        yield flatAfter(candle, time);
      }
      if (candle.openTime >= from) yield candle;
    }
  }
}

function flatAfter({ close, closed }: Row, openTime: number): Row {
  return { openTime, open: close, high: close, low: close, close, volume: '0', filled: true, closed };
}
