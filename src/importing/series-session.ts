import { Inject, Injectable } from '@nestjs/common';
import { ArchiveError } from '../archives/archive-error.js';
import type { Candle } from '../candles/candle.js';
import { CandleStore } from '../candles/candle-store.js';
import { mergeSpans, type CoverageSpan } from '../candles/coverage.js';
import type { Series } from '../candles/series.js';
import { claimLease, seriesLease } from '../candles/series-leases.js';
import type { RejectedCandle } from '../candles/soundness.js';
import { Clock } from '../common/clock.js';
import { CryptoFlowError } from '../common/errors.js';
import { gridOf } from '../common/interval.js';
import { Config } from '../config/config.js';
import type { Lease } from '../locks/lease.js';
import { LockService } from '../locks/lock.service.js';
import { LockStore } from '../locks/lock-store.js';
import { spansOfCandles } from './candle-order.js';

const RETRY_MS = 50;
/** Beyond three lives of a lease: by then even a holder that hangs has lost it. */
const PATIENCE_MS = 10_000;

/** The series is another's, who does not hand it over. */
export class SeriesBusyError extends CryptoFlowError {
  constructor(series: Series, holder: string) {
    super(
      'SERIES_BUSY',
      `${series.exchange}:${series.symbol}@${series.interval} is held by ${holder || 'nobody'} and was not to be had: ` +
        'wait for the other import, or stop that process',
    );
  }
}

/** A series that is being written to here, and nowhere else. */
export class SeriesSession {
  constructor(
    readonly series: Series,
    readonly lease: Lease,
    private readonly store: CandleStore,
    private known: readonly CoverageSpan[],
    readonly close: () => Promise<void>,
  ) {}

  get spans(): readonly CoverageSpan[] {
    return this.known;
  }

  /** Stores ascending candles that are not there yet, and puts rows that are none into quarantine. @throws LockLostError */
  async add(
    candles: readonly Candle[],
    rejected: readonly RejectedCandle[],
    signal?: AbortSignal,
  ): Promise<void> {
    const { series } = this;
    const spans = spansOfCandles(gridOf(series), candles);
    this.known = mergeSpans(this.known, spans);
    const batch = { series, candles, spans, rejected };
    // What somebody has brought along is not to be lost to an exchange that errs about its grid.
    const milestones = { gridSince: null };
    await this.store.commit(this.lease, batch, { lane: 'backfill', milestones, signal });
  }
}

/** Takes a series over from the collectors, who take it back when it is given back, or its holder has died. */
@Injectable()
export class SeriesSessions {
  constructor(
    @Inject(LockService) private readonly locks: LockService,
    @Inject(LockStore) private readonly leases: LockStore,
    @Inject(CandleStore) private readonly store: CandleStore,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
  ) {}

  /**
   * @param anchor of the candles that are to be stored: the grid of a series without any is moved to it
   * @throws SeriesBusyError | ArchiveError, or the signal's reason
   */
  async open(series: Series, anchor: number, signal: AbortSignal): Promise<SeriesSession> {
    const held: Lease[] = [];
    const close = async () => {
      for (const lease of held.toReversed()) await this.locks.release(lease);
    };
    try {
      held.push(await this.acquire(claimLease(series.id), series, signal));
      const lease = await this.acquire(seriesLease(series.id), series, signal);
      held.push(lease);
      const placed = await this.place(lease, series, anchor);
      return new SeriesSession(placed, lease, this.store, await this.store.coverage(placed), close);
    } catch (error) {
      await close();
      throw error;
    }
  }

  private async place(lease: Lease, series: Series, anchor: number): Promise<Series> {
    const isPlaced = ({ anchor: own = 0 }: Series) => own === anchor;
    const hasCandles = (await this.store.coverage(series)).some(({ state }) => state === 'have');
    const placed = isPlaced(series) || hasCandles ? series : await this.store.moveGrid(lease, series, anchor);
    if (isPlaced(placed)) return placed;
    throw new ArchiveError('ARCHIVE_UNKNOWN', 'its candles open at other times than those that are kept');
  }

  private async acquire(name: string, series: Series, signal: AbortSignal): Promise<Lease> {
    const end = this.clock.monotonic() + 3 * this.config.leaseTtlMs + PATIENCE_MS;
    for (;;) {
      const lease = await this.locks.acquire(name);
      if (lease) return lease;
      if (this.clock.monotonic() > end) {
        throw new SeriesBusyError(series, (await this.leases.find(name))?.holder ?? '');
      }
      await this.clock.sleep(RETRY_MS, signal);
    }
  }
}
