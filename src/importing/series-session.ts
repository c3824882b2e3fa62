import { Inject, Injectable } from '@nestjs/common';
import type { Candle } from '../candles/candle.js';
import { CandleStore } from '../candles/candle-store.js';
import { mergeSpans, type CoverageSpan } from '../candles/coverage.js';
import type { Series } from '../candles/series.js';
import { claimLease, seriesLease } from '../candles/series-leases.js';
import { Clock } from '../common/clock.js';
import { CryptoFlowError } from '../common/errors.js';
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

  /** Stores ascending candles that are not there yet. @throws LockLostError */
  async add(candles: readonly Candle[], signal?: AbortSignal): Promise<void> {
    const { series } = this;
    const spans = spansOfCandles(series.interval, candles);
    this.known = mergeSpans(this.known, spans);
    await this.store.commit(this.lease, { series, candles, spans }, { lane: 'backfill', signal });
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

  /** @throws SeriesBusyError, or the signal's reason */
  async open(series: Series, signal: AbortSignal): Promise<SeriesSession> {
    const claim = await this.acquire(claimLease(series.id), series, signal);
    try {
      const lease = await this.acquire(seriesLease(series.id), series, signal);
      const close = async () => {
        await this.locks.release(lease);
        await this.locks.release(claim);
      };
      return new SeriesSession(series, lease, this.store, await this.store.coverage(series), close);
    } catch (error) {
      await this.locks.release(claim);
      throw error;
    }
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
