import type { Interval } from '../common/interval.js';

/** One series of candles that is kept. */
export interface Series {
  readonly id: number;
  readonly exchange: string;
  readonly symbol: string;
  readonly interval: Interval;
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
}
