import { gridOf } from '../common/interval.js';
import type { Window } from '../candles/coverage.js';
import { BulkTask, DO_NOT_WAIT } from './bulk-task.js';
import { keptSince } from './collection-plan.js';
import { judgeHoles } from './hole-verdicts.js';
import type { SeriesLedger, SeriesScope } from './series-scope.js';
import { settleableTo, settledBy, settleWindow } from './settle-plan.js';

/**
 * Reads candles again a day after they closed: exchanges correct volumes and bad trades after the fact. What has changed
 * is replaced, and its former figures are kept. It goes on where it was, also after days without a process.
 */
export class SettleTask extends BulkTask {
  constructor(scope: SeriesScope, ledger: SeriesLedger) {
    super(scope, ledger, 'settle');
  }

  /** Where nothing has come of age there is no run, and nothing to be written. */
  override request(slot: number): void {
    const { clock, series } = this.scope;
    if (this.ledger.settledTo < settleableTo(gridOf(series), clock.now())) super.request(slot);
  }

  protected override async nextPage(signal: AbortSignal): Promise<void> {
    const { scope, ledger } = this;
    const interval = gridOf(scope.series);
    const now = scope.clock.now();
    const pageSize = await scope.pageSize(signal);
    const settledTo = Math.max(ledger.settledTo, keptSince(scope.keepMs, now));
    const window = settleWindow(ledger.spans, { interval, pageSize, now, settledTo });
    if (!window) return this.finish(Math.max(settledTo, settleableTo(interval, now)));
    await this.inPlace(() => this.page(window, pageSize, signal));
  }

  private async page(window: Window, pageSize: number, signal: AbortSignal): Promise<void> {
    const { scope, ledger } = this;
    const { id, exchange } = scope.series;
    const interval = gridOf(scope.series);
    const { closed, rejected } = await scope.fetch({ ...window, signal });
    const openTimes = closed.map(({ openTime }) => openTime);
    const now = scope.clock.now();
    const answer = { interval, window, openTimes, rejected, pageSize, now, shown: Infinity };
    const { spans, filled, confirmed, cut } = judgeHoles(ledger.spans, answer);
    const settledTo = settledBy(interval, window, { openTimes, cut, now });
    const milestones = settledTo === null ? {} : { milestones: { settledTo } };
    const options = { lane: 'backfill', signal, ...milestones, ...DO_NOT_WAIT } as const;
    const { revised } = await ledger.commit(closed, spans, options, rejected);
    scope.rereads.record({ exchange, task: 'settle', filled, confirmed, revised: revised.length });
    scope.log.debug('collector.settle.page', { series: id, ...window, revised: revised.length });
    // Nothing came although there should have been something: the next run asks again.
    if (settledTo === null) await this.finish();
  }

  private async finish(settledTo?: number): Promise<void> {
    const milestones = settledTo === undefined ? {} : { milestones: { settledTo } };
    await this.close('backfill', { ...milestones, ...DO_NOT_WAIT });
  }
}
