import { spansOfAnswer, type Window } from '../candles/coverage.js';
import { errorCode } from '../common/errors.js';
import { openTimeAt, stepOpenTime } from '../common/interval.js';
import { inLane, type LaneOptions } from '../database/lanes.js';
import { backfillWindow, endOfKnown, historyStart } from './collection-plan.js';
import { ScheduledTask } from './scheduled-task.js';
import type { SeriesLedger, SeriesScope } from './series-scope.js';

/** How soon it is looked again whether there is a place for one more page, and whether the pause is over. */
const CROWDED_RETRY_MS = 50;
const PAUSED_RETRY_MS = 500;
/** A pause lasts for as long as somebody reads: to wait for its end would keep the series from its sync. */
const DO_NOT_WAIT: LaneOptions = { ifPaused: 'fail' };

/**
 * Walks the history of a series from the newest to the oldest, page by page. Where it is follows from the coverage, so
 * it goes on exactly where it was stopped, however it was stopped.
 */
export class BackfillTask extends ScheduledTask {
  private stored = 0;

  constructor(scope: SeriesScope, ledger: SeriesLedger) {
    super(scope, ledger, 'backfill');
  }

  get running(): boolean {
    return this.job.open;
  }

  /** A fire time, Unix ms. While a run is going on there is nothing to begin. */
  request(slot: number): void {
    if (!this.job.open) this.job.request(slot);
  }

  override readyIn(now: number): number {
    const wait = super.readyIn(now);
    return this.scope.isBulkPaused() ? Math.max(wait, PAUSED_RETRY_MS) : wait;
  }

  protected override async step(signal: AbortSignal): Promise<void> {
    try {
      await this.nextPage(signal);
    } catch (error) {
      if (errorCode(error) !== 'BULK_PAUSED') throw error;
      this.postpone(this.scope.clock.now(), PAUSED_RETRY_MS);
    }
  }

  private async nextPage(signal: AbortSignal): Promise<void> {
    const { scope, ledger } = this;
    const { series } = scope;
    if (!(await inLane('backfill', () => this.job.claim(), DO_NOT_WAIT))) return;

    const now = scope.clock.now();
    const window = backfillWindow(ledger.spans, {
      interval: series.interval,
      pageSize: await scope.pageSize(signal),
      start: historyStart(scope.backfill, series.interval, now),
      before: endOfKnown(ledger.spans) ?? openTimeAt(series.interval, now),
    });
    if (!window) return this.finish();

    const leave = scope.tryEnterBulk();
    if (!leave) return this.postpone(now, CROWDED_RETRY_MS);
    try {
      await this.page(window, signal);
    } finally {
      leave();
    }
  }

  private async page(window: Window, signal: AbortSignal): Promise<void> {
    const { scope, ledger } = this;
    const { series } = scope;
    const { closed } = await scope.fetch({ ...window, signal });
    const last = closed.at(-1);
    // A short page may have been cut by the exchange: what comes after its last candle stays a gap, and is asked for
    // next. Only an answer without any candle says that there are none.
    const to = last ? stepOpenTime(series.interval, last.openTime, 1) : window.to;
    const openTimes = closed.map(({ openTime }) => openTime);
    const spans = spansOfAnswer(series.interval, { from: window.from, to }, openTimes);
    await ledger.commit(closed, spans, { lane: 'backfill', signal, ...DO_NOT_WAIT });
    this.stored += closed.length;
    scope.log.debug('collector.backfill.page', { series: series.id, ...window, candles: closed.length });
  }

  private async finish(): Promise<void> {
    await this.close('backfill', DO_NOT_WAIT);
    const { series, log } = this.scope;
    if (this.stored > 0) log.info('collector.backfill.done', { series: series.id, candles: this.stored });
    this.stored = 0;
  }
}
