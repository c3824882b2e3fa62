import { spansOfAnswer, type Window } from '../candles/coverage.js';
import { gridOf, openTimeAt, stepOpenTime } from '../common/interval.js';
import { BulkTask, DO_NOT_WAIT } from './bulk-task.js';
import { backfillWindow, endOfKnown, historyStart } from './collection-plan.js';
import type { SeriesLedger, SeriesScope } from './series-scope.js';

/**
 * Walks the history of a series from the newest to the oldest, page by page. Where it is follows from the coverage, so
 * it goes on exactly where it was stopped, however it was stopped. A stretch without any candle is marked `missing` and
 * left to repair: an outage of the exchange does not stop what lies before it.
 */
export class BackfillTask extends BulkTask {
  private stored = 0;

  constructor(scope: SeriesScope, ledger: SeriesLedger) {
    super(scope, ledger, 'backfill');
  }

  protected override async nextPage(signal: AbortSignal): Promise<void> {
    const { scope, ledger } = this;
    const interval = gridOf(scope.series);
    const now = scope.clock.now();
    const start = historyStart(scope.backfill, interval, now, scope.keepMs);
    const window = backfillWindow(ledger.spans, {
      interval,
      pageSize: await scope.pageSize(signal),
      start,
      before: endOfKnown(ledger.spans) ?? openTimeAt(interval, now),
    });
    if (!window) return this.finish(start);
    await this.inPlace(() => this.page(window, start, signal));
  }

  private async page(window: Window, historyFrom: number, signal: AbortSignal): Promise<void> {
    const { scope, ledger } = this;
    const { series } = scope;
    const page = await ledger.fetch({ ...window, signal });
    if (!page) return;
    const { closed, rejected } = page;
    const last = closed.at(-1);
    // A short page may have been cut by the exchange: what comes after its last candle stays a gap, and is asked for
    // next. Only an answer without any candle says that there are none.
    const to = last ? stepOpenTime(gridOf(series), last.openTime, 1) : window.to;
    const openTimes = closed.map(({ openTime }) => openTime);
    const answered = { from: window.from, to };
    const spans = spansOfAnswer(gridOf(series), answered, openTimes, scope.clock.now());
    const milestones = { historyFrom };
    const options = { lane: 'backfill', signal, milestones, ...DO_NOT_WAIT } as const;
    await ledger.commit(closed, spans, options, rejected);
    this.stored += closed.length;
    scope.log.debug('collector.backfill.page', { series: series.id, ...window, candles: closed.length });
  }

  private async finish(historyFrom: number): Promise<void> {
    await this.close('backfill', { milestones: { historyFrom }, ...DO_NOT_WAIT });
    const { series, log } = this.scope;
    if (this.stored > 0) log.info('collector.backfill.done', { series: series.id, candles: this.stored });
    this.stored = 0;
  }
}
