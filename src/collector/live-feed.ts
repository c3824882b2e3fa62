import type { Candle } from '../candles/candle.js';
import type { Series } from '../candles/series.js';
import type { Clock } from '../common/clock.js';
import { CryptoFlowError, errorCode, errorMessage } from '../common/errors.js';
import { gridOf } from '../common/interval.js';
import type { LiveCandle } from '../exchanges/exchange-client.js';
import { ExchangeError } from '../exchanges/exchange-errors.js';
import type { Lease } from '../locks/lease.js';
import type { Log } from '../logging/log.js';
import type { FormingWriter } from './forming-writer.js';
import type { LiveStatistics } from './live-statistics.js';
import { NewestCandle, type Verdict } from './newest-candle.js';
import type { StreamGate } from './stream-gate.js';

/** Without an update for so long the forming candle is asked for. The answer has a second, so that it is never older than 5 s. */
const FRESH_MS = 4000;
/** A market that is not pushed today may be pushed another day. */
const NEVER_PUSHED_RETRY_MS = 3_600_000;

/** How the forming candle of a series comes. Times are Unix ms. */
export interface LiveStatus {
  readonly source: 'stream' | 'poll';
  /** Since the last update of the stream, in milliseconds; null when none came. */
  readonly sinceUpdate: number | null;
  readonly lastError: { readonly code: string; readonly message: string; readonly at: number } | null;
}

/** What the feed of a series needs of the world. */
export interface LiveSources {
  readonly watch: (request: {
    readonly symbol: string;
    readonly interval: Series['interval'];
    readonly signal: AbortSignal;
  }) => AsyncIterable<LiveCandle>;
  readonly gate: StreamGate;
  readonly writer: FormingWriter;
  readonly statistics: LiveStatistics;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The forming candle of one series, from the stream of its exchange, under the lease of the series. While updates come
 * nobody need ask for it. What polling brings goes the same way, so that neither overwrites what is newer.
 */
export class LiveFeed {
  private readonly newest = new NewestCandle();
  /** Of the last update, by the monotonic clock. */
  private updatedAt = -Infinity;
  private streaming = false;
  private lastError: LiveStatus['lastError'] = null;

  /** @param scope holds the series, whose grid may turn out to be another */
  constructor(
    private readonly scope: { readonly series: Series },
    private readonly lease: Lease,
    private readonly sources: LiveSources,
  ) {}

  /** Milliseconds until the forming candle is to be asked for: 0 or less without a stream. */
  get freshForMs(): number {
    return this.updatedAt + FRESH_MS - this.sources.clock.monotonic();
  }

  get status(): LiveStatus {
    const since = this.sources.clock.monotonic() - this.updatedAt;
    return {
      source: this.freshForMs > 0 ? 'stream' : 'poll',
      sinceUpdate: Number.isFinite(since) ? Math.round(since) : null,
      lastError: this.lastError,
    };
  }

  /** Takes a candle that was asked for. */
  takePolled(candle: Candle): void {
    this.take(candle, { atOnce: true });
  }

  /**
   * Watches until `signal` aborts, through every interruption.
   *
   * @param finished called when a candle is known to be finished
   */
  async run(signal: AbortSignal, finished: () => void): Promise<void> {
    const { gate, clock, writer } = this.sources;
    while (!signal.aborted) {
      try {
        await gate.pass(signal);
        await this.watch(signal, finished);
      } catch (error) {
        if (signal.aborted) break;
        this.interrupted(error);
        if (error instanceof ExchangeError && !error.retryable) {
          await clock.sleep(NEVER_PUSHED_RETRY_MS, signal).catch(() => undefined);
        } else gate.failed();
      } finally {
        this.setStreaming(false);
      }
    }
    await writer.leave(this.scope.series);
  }

  private async watch(signal: AbortSignal, finished: () => void): Promise<void> {
    const { gate, clock, watch } = this.sources;
    const { symbol, interval } = this.scope.series;
    for await (const update of watch({ symbol, interval, signal })) {
      signal.throwIfAborted();
      gate.succeeded();
      const verdict = this.take(update.candle);
      this.record(verdict === 'stale' || verdict === 'refused' ? verdict : 'taken');
      if (verdict === 'refused' || verdict === 'stale') continue;
      this.updatedAt = clock.monotonic();
      this.setStreaming(true);
      if (update.finished || verdict === 'next') finished();
    }
    throw new CryptoFlowError('STREAM_ENDED', 'the stream ended');
  }

  private take(candle: Candle, options = { atOnce: false }): Verdict {
    const { clock, writer } = this.sources;
    const { series } = this.scope;
    const now = { now: clock.now(), monotonic: clock.monotonic() };
    const verdict = this.newest.take(candle, { grid: gridOf(series), ...now });
    if (verdict === 'same' || verdict === 'next') writer.offer(this.lease, series, candle, options);
    return verdict;
  }

  private interrupted(error: unknown): void {
    const { statistics, clock, log } = this.sources;
    const { exchange, symbol, id } = this.scope.series;
    const code = errorCode(error);
    this.updatedAt = -Infinity;
    this.lastError = { code, message: errorMessage(error), at: clock.now() };
    statistics.record({ kind: 'interrupted', exchange, code });
    // Nothing is amiss: the candle is asked for meanwhile.
    log.info('collector.live.interrupted', { exchange, symbol, series: id, code });
    log.debug('collector.live.error', { series: id, error });
  }

  private record(result: 'taken' | 'stale' | 'refused'): void {
    this.sources.statistics.record({ kind: 'update', exchange: this.scope.series.exchange, result });
  }

  private setStreaming(streaming: boolean): void {
    if (streaming === this.streaming) return;
    this.streaming = streaming;
    const change = streaming ? 1 : -1;
    this.sources.statistics.record({ kind: 'streaming', exchange: this.scope.series.exchange, change });
  }
}
