import type { EntityManager } from 'typeorm';
import { CryptoFlowError } from '../common/errors.js';
import type { Lane, LaneOptions } from '../database/lanes.js';
import type { Lease } from '../locks/lease.js';
import type { Candle } from './candle.js';
import type { CoverageSpan } from './coverage.js';
import { Rejections } from './rejections.js';
import type { Series } from './series.js';
import type { RejectedCandle } from './soundness.js';

/** A candle that an exchange client must not hand out: its figures are to be canonical decimals. */
export class InvalidCandleError extends CryptoFlowError {
  constructor(openTime: number, figure: string) {
    super('INVALID_CANDLE', `the candle of ${openTime} has no canonical decimal as its ${figure}`);
  }
}

/** Closed candles of one series together with what they say about its coverage. */
export interface CandleBatch {
  readonly series: Series;
  /** Closed candles only, in any order. */
  readonly candles: readonly Candle[];
  /** Ascending, without overlaps. */
  readonly spans: readonly CoverageSpan[];
  /** What came with them and is no candle: goes into quarantine in the same transaction. */
  readonly rejected?: readonly RejectedCandle[];
}

/** How far the work on a series has come. Open times, Unix ms. */
export interface Milestones {
  /** What opened before it has been read again a day after it closed, or was older when it was first read. */
  readonly settledTo?: number;
  /** Where the history that is wanted begins. */
  readonly historyFrom?: number;
  /** Since when the grid of the series is believed; null once it is proven. */
  readonly gridSince?: number | null;
}

/** How far the work on a series has come. Unix ms. */
export interface SeriesProgress {
  /**
   * From where on candles are still to be settled. Before anything was, that is a day before the series was begun: what was
   * older then had settled when it was first read.
   */
  readonly settledTo: number;
  /** Since when the grid of the series is believed; null where it is proven, or nothing was stored by it yet. */
  readonly gridSince: number | null;
  /** Where the history begins that was wanted when it was last collected; null where it never was. */
  readonly historyFrom: number | null;
}

/** A candle that is still open, and the lease under which it is to be kept. */
export interface FormingSave {
  readonly lease: Lease;
  readonly series: Series;
  readonly candle: Candle;
}

export interface CommitOptions extends LaneOptions {
  readonly lane: Lane;
  /** Noted in the same transaction. */
  readonly milestones?: Milestones;
  /** More to be done in the same transaction: all of it is committed, or none. */
  readonly also?: (manager: EntityManager) => Promise<void>;
}

/** What a commit has changed. */
export interface CommitResult {
  /** Open times of the candles that were there with other figures, Unix ms. */
  readonly revised: readonly number[];
}

/** Where candles are written. Every write is fenced by the lease of the series. */
export abstract class CandleStore {
  /** Tells of what has been put into quarantine here. */
  readonly rejections = new Rejections();

  /** The series with this market and interval, made where it is not there yet. */
  abstract ensureSeries(exchange: string, symbol: string, interval: Series['interval']): Promise<Series>;

  /**
   * Moves the grid of a series that has no candles yet, or whose grid is not proven; what was known of its coverage, by the
   * other grid, is forgotten, and candles that were kept by it go into quarantine.
   *
   * @param anchor milliseconds from the interval's own grid
   * @returns the series as it is now: unchanged where its grid is proven
   * @throws LockLostError
   */
  abstract moveGrid(lease: Lease, series: Series, anchor: number): Promise<Series>;

  /** All that is known of the coverage of a series, ascending. */
  abstract coverage(series: Series): Promise<CoverageSpan[]>;

  /** How far the work on a series has come. */
  abstract progress(series: Series): Promise<SeriesProgress>;

  /**
   * Stores candles and coverage in one transaction; a batch that would hold the writer for long, in several, each with
   * the coverage of its own candles. Storing the same batch again changes nothing; a candle that
   * differs from the one stored replaces it, and the former values are kept as a revision.
   *
   * @throws LockLostError, with nothing stored, when the lease is another's by now; InvalidCandleError
   */
  abstract commit(lease: Lease, batch: CandleBatch, options: CommitOptions): Promise<CommitResult>;

  /** Replaces the candle that is still open. @throws LockLostError | InvalidCandleError */
  abstract saveForming(lease: Lease, series: Series, candle: Candle): Promise<void>;

  /**
   * The same for several series at once, in one transaction. What is another's by now is left as it is.
   *
   * @throws InvalidCandleError
   */
  abstract saveFormingOfMany(saves: readonly FormingSave[]): Promise<void>;
}
