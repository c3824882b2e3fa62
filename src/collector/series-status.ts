import type { LiveStatus } from './live-feed.js';

/** How the collection of one series goes in this process. Times are Unix ms. */
export interface SeriesStatus {
  readonly series: string;
  /** Whether this process holds the lease. */
  readonly held: boolean;
  readonly backfilling: boolean;
  /** Errors in a row; 0 when the last attempt succeeded. */
  readonly failures: number;
  readonly lastError: { readonly code: string; readonly message: string; readonly at: number } | null;
  /** How the candle that is still open comes; null where it is only asked for, or the lease is another's. */
  readonly forming: LiveStatus | null;
}
