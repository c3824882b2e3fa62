import type { Interval } from '../common/interval.js';
import type { RollupInterval } from './rollup.js';

/** One series of candles that is kept. */
export interface Series {
  readonly id: number;
  readonly exchange: string;
  readonly symbol: string;
  readonly interval: Interval;
  /** How far the exchange's open times lie from the interval's own grid, in milliseconds; 0 unless given. */
  readonly anchor?: number;
}

/** `active`: collected. `paused`: kept, but left alone. `delisted`: its market is gone; it is looked for again. */
export type SeriesState = 'active' | 'paused' | 'delisted';
/** What answers for a market and an interval. */
export interface CandleSource {
  readonly series: Series;
  /** Where nobody collects the interval: the series is of a shorter one, and what it makes answers. */
  readonly rollup: RollupInterval | null;
}

/** What is kept of a series. Times are Unix ms. */
export interface SeriesSummary extends Series {
  /** Open time of the oldest candle, or null where there is none yet. */
  readonly first: number | null;
  /** Open time of the newest closed candle. */
  readonly last: number | null;
  /** Candles kept. */
  readonly count: number;
  /** Milliseconds since the newest candle closed. */
  readonly lag: number | null;
  /**
   * What share of the candles is kept that should be, from the beginning of the wanted history to the newest that has
   * closed: `count / (count + missing)`. Null where none should be.
   */
  readonly completeness: number | null;
  /**
   * Open times whose candle should be there and is not: asked for in vain, or not yet asked for. What is known to be
   * empty, or lies outside of the market's life, is not counted.
   */
  readonly missing: number;
  /** In how many stretches they lie. */
  readonly gaps: number;
  /** How often a candle that was kept has come with other figures. */
  readonly revisions: number;
  /** Rows that the exchange sent and that are no candles, as far as they are kept. */
  readonly quarantined: number;
  readonly state: SeriesState;
}
