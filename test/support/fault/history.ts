/**
 * What a run of fenced workers has left behind. Every commit of a worker writes one row to the journal, in the same
 * transaction as its candles, coverage and run; SQLite gives the rows their positions in the order of the commits.
 */
export interface History {
  /** Ascending by position. */
  readonly journal: readonly JournalRow[];
  /** What workers said after `COMMIT` had returned. */
  readonly acknowledged: readonly Acknowledgement[];
  readonly candles: readonly StoredCandles[];
  readonly coverage: readonly StoredSpan[];
  readonly runs: readonly RunRow[];
}

export interface JournalRow {
  readonly position: number;
  /** Name of the lease under which it was committed. */
  readonly lease: string;
  readonly fence: number;
  readonly holder: string;
  /** Unique among all commits of all workers. */
  readonly batch: number;
  /** What of a series was written; null for a commit that was none of candles. */
  readonly written: WrittenWindow | null;
  /** The run whose outcome was written; null for a commit that ended none. */
  readonly run: { readonly job: string; readonly slot: number } | null;
}

export interface WrittenWindow {
  readonly series: number;
  /** Open times `[from, to)`, Unix ms. */
  readonly from: number;
  readonly to: number;
  /** Candles in it; the rest of its minutes are `missing`. */
  readonly candles: number;
}

export interface Acknowledgement {
  readonly lease: string;
  readonly fence: number;
  readonly batch: number;
}

/** The candles of one series that carry one batch id and one fence: workers write both into the figures. */
export interface StoredCandles {
  readonly series: number;
  readonly batch: number;
  readonly fence: number;
  readonly count: number;
  /** Open times, Unix ms. */
  readonly first: number;
  readonly last: number;
}

export interface StoredSpan {
  readonly series: number;
  readonly from: number;
  readonly to: number;
  readonly state: string;
  /** Candles that open in it. */
  readonly candles: number;
}

export interface RunRow {
  readonly job: string;
  readonly slot: number;
  readonly fence: number;
  readonly outcome: string | null;
}
