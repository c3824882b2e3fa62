import type { CandleStore, CommitResult } from '../candles/candle-store.js';
import type { CoverageSpan } from '../candles/coverage.js';
import { mergeSpans } from '../candles/coverage.js';
import type { Candle } from '../candles/candle.js';
import type { CommitOptions, Milestones } from '../candles/candle-store.js';
import type { KnownListing, SeriesWishes } from '../candles/series-register.js';
import type { Series } from '../candles/series.js';
import type { Clock } from '../common/clock.js';
import type { BackfillStart } from '../config/environment.schema.js';
import type { CandlePage, CandleRequest } from '../exchanges/exchange-client.js';
import type { RejectedCandle } from '../candles/soundness.js';
import type { Lease } from '../locks/lease.js';
import type { LockService } from '../locks/lock.service.js';
import type { Log } from '../logging/log.js';
import type { LiveFeed } from './live-feed.js';
import type { OpenLiveFeed } from './live-streams.js';
import type { Rereads } from './rereads.js';

export type WindowRequest = Omit<CandleRequest, 'symbol' | 'interval' | 'anchor'>;

/** An exchange that is wrong about its own grid is not so for longer, as far as anyone knows, in milliseconds. */
const GRID_PROOF_MS = 86_400_000;

/** What the tasks of one series need of the world. */
export interface SeriesScope {
  /** Replaced when the exchange turns out to have another grid. */
  series: Series;
  /** What was asked for of it through the API; replaced when more is. */
  wishes: SeriesWishes;
  readonly store: CandleStore;
  readonly locks: LockService;
  readonly clock: Clock;
  readonly log: Log;
  readonly backfill: BackfillStart;
  /** For how long its candles are kept, in milliseconds; null for ever. */
  readonly keepMs: number | null;
  readonly rereads: Rereads;
  /** The listing dates known of this market from its other intervals. */
  readonly listings?: (series: Series) => Promise<readonly KnownListing[]>;
  /** Where the exchange pushes its candles. */
  readonly openLiveFeed?: OpenLiveFeed | null;
  /** Candles per request. Known once the exchange has been asked for its markets. */
  pageSize(signal: AbortSignal): Promise<number>;
  /** Asks the exchange, within its limits. What is urgent passes what waits there already. */
  fetch(request: WindowRequest, options?: { readonly urgent: boolean }): Promise<CandlePage>;
  /** The same of another interval of the market. */
  fetchOn(of: Pick<CandleRequest, 'interval' | 'anchor'>, request: WindowRequest): Promise<CandlePage>;
  /** Whether bulk work is held back for the sake of the database. */
  isBulkPaused(): boolean;
  /** A place for a page on its way from the exchange into the database, all series together; null when all are taken. */
  tryEnterBulk(): (() => void) | null;
}

/**
 * What a worker knows of its series while it holds the lease. Nobody else can change the coverage meanwhile, so it is
 * read once and kept in step.
 */
export class SeriesLedger {
  /** Null where the forming candle is only asked for. */
  readonly live: LiveFeed | null;

  private constructor(
    readonly lease: Lease,
    private readonly scope: SeriesScope,
    private known: readonly CoverageSpan[],
    private settled: number,
    private gridSince: number | null,
    private historyFrom: number | null,
  ) {
    this.live = scope.openLiveFeed?.(lease, scope) ?? null;
  }

  static async open(lease: Lease, scope: SeriesScope): Promise<SeriesLedger> {
    const { store, series } = scope;
    const known = await store.coverage(series);
    const { settledTo, gridSince, historyFrom } = await store.progress(series);
    return new SeriesLedger(lease, scope, known, settledTo, gridSince, historyFrom);
  }

  get spans(): readonly CoverageSpan[] {
    return this.known;
  }

  /** Whether it has been collected before, and not only been imported to. */
  get wasCollected(): boolean {
    return this.historyFrom !== null;
  }

  /** From where on candles are still to be settled, Unix ms. */
  get settledTo(): number {
    return this.settled;
  }

  /**
   * Asks the exchange, and takes over its grid where that turns out to be another than the series has, unless that is
   * proven: then what comes is off the grid.
   *
   * @returns null when it has: the window was reckoned by the old one
   */
  async fetch(request: WindowRequest, options?: { readonly urgent: boolean }): Promise<CandlePage | null> {
    const { scope } = this;
    const page = await scope.fetch(request, options);
    if (page.anchor === undefined || (this.hasCandles && this.gridSince === null)) return page;
    const series = await scope.store.moveGrid(this.lease, scope.series, page.anchor);
    if (series === scope.series) return page;
    scope.series = series;
    this.known = [];
    this.gridSince = this.historyFrom = null;
    scope.log.info('collector.grid.moved', { series: series.id, anchor: page.anchor });
    return null;
  }

  /** @throws LockLostError */
  async commit(
    candles: readonly Candle[],
    spans: readonly CoverageSpan[],
    options: CommitOptions,
    rejected: readonly RejectedCandle[] = [],
  ): Promise<CommitResult> {
    const { store, series, log } = this.scope;
    const gridSince = candles.length > 0 ? this.gridMilestone() : undefined;
    const milestones = gridSince === undefined ? options.milestones : { ...options.milestones, gridSince };
    const batch = { series, candles, spans, rejected };
    const result = await store.commit(this.lease, batch, { ...options, ...(milestones && { milestones }) });
    this.known = mergeSpans(this.known, spans);
    this.settled = options.milestones?.settledTo ?? this.settled;
    this.historyFrom = options.milestones?.historyFrom ?? this.historyFrom;
    if (gridSince !== undefined) this.gridSince = gridSince;
    if (result.revised.length > 0) {
      log.info('collector.candles.revised', { series: series.id, openTimes: result.revised.slice(0, 10) });
    }
    if (rejected.length > 0) {
      const { exchange, symbol, id } = series;
      const reasons = [...new Set(rejected.map(({ reason }) => reason))];
      log.warn('collector.candles.rejected', {
        exchange,
        symbol,
        series: id,
        rows: rejected.length,
        reasons,
      });
    }
    return result;
  }

  private get hasCandles(): boolean {
    return this.known.some(({ state }) => state === 'have');
  }

  /** The grid is believed from the first candles on, and proven by some that come on it a day later or more. */
  private gridMilestone(): Milestones['gridSince'] {
    const now = this.scope.clock.now();
    if (!this.hasCandles) return now;
    return this.gridSince !== null && now - this.gridSince >= GRID_PROOF_MS ? null : undefined;
  }

  /** Keeps a candle that is still open, as the exchange answered it. @throws LockLostError */
  async saveForming(candle: Candle): Promise<void> {
    if (this.live) this.live.takePolled(candle);
    else await this.scope.store.saveForming(this.lease, this.scope.series, candle);
  }
}
