import type { Candle } from '../candles/candle.js';
import { figureFault, type CandleFault } from '../candles/soundness.js';
import { isOnGrid, stepOpenTime, type Grid } from '../common/interval.js';

export interface RowRules {
  readonly grid: Grid;
  /** The open times that are wanted, Unix ms, half open; null where nothing is known of them. */
  readonly window: { readonly from: number; readonly to: number } | null;
  /** Unix ms: what ends later is still open. */
  readonly now: number;
}

/** Why a candle of a file must not be stored, or null. Its figures are judged as those of an exchange's answer are. */
export function rowFault(candle: Candle, { grid, window, now }: RowRules): CandleFault | null {
  const { openTime } = candle;
  if (openTime > now) return 'not_begun';
  if (!isOnGrid(grid, openTime)) return 'off_grid';
  if (window && (openTime < window.from || openTime >= window.to)) return 'outside_period';
  if (stepOpenTime(grid, openTime, 1) > now) return 'still_open';
  return figureFault(candle);
}
