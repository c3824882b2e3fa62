import type { Window } from '../candles/coverage.js';
import { gridOf, stepOpenTime } from '../common/interval.js';
import { BulkTask, DO_NOT_WAIT } from './bulk-task.js';
import { keptSince } from './collection-plan.js';
import { judgeHoles } from './hole-verdicts.js';
import type { SeriesLedger, SeriesScope } from './series-scope.js';
import { fetchServed, NOTHING } from './served-window.js';
import { owedAfter, owedWindow, settleableTo, settleWindow, type Owed } from './settle-plan.js';

/**
 * Reads candles again a day after they closed: exchanges correct volumes and bad trades after the fact. What has changed
 * is replaced, and its former figures are kept. It goes on where it was, also after days without a process. Candles that do
 * not come then are owed: it goes on behind them, and asks for them again.
 */
export class SettleTask extends BulkTask {
  /** From where on nothing has been asked for yet, Unix ms. */
  private next: number;
  private owed: readonly Owed[] = [];

  constructor(scope: SeriesScope, ledger: SeriesLedger) {
    super(scope, ledger, 'settle');
    this.next = ledger.settledTo;
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
    const kept = keptSince(scope.keepMs, now);
    this.next = Math.max(this.next, kept);
    this.owed = this.owed.filter(({ to }) => to > kept);
    const view = { interval, pageSize, now };
    const ahead = settleWindow(ledger.spans, { ...view, settledTo: this.next });
    const window = ahead ?? owedWindow(this.owed, view);
    if (!window) return this.finish(Math.max(this.next, settleableTo(interval, now)));
    await this.inPlace(() => this.page(window, { pageSize, isAhead: ahead !== null }, signal));
  }

  private async page(
    window: Window,
    { pageSize, isAhead }: { pageSize: number; isAhead: boolean },
    signal: AbortSignal,
  ): Promise<void> {
    const { scope, ledger } = this;
    const { id, exchange } = scope.series;
    const interval = gridOf(scope.series);
    const { page } = await fetchServed(scope, window, signal);
    const { closed, rejected } = page ?? NOTHING;
    const openTimes = closed.map(({ openTime }) => openTime);
    const now = scope.clock.now();
    const answer = { interval, window, openTimes, rejected, pageSize, now, shown: Infinity };
    const { spans, filled, confirmed, lacking } = judgeHoles(ledger.spans, answer);
    // Behind the last that came the page may have been cut: that is asked for next.
    const last = openTimes.at(-1);
    const end = isAhead && last !== undefined ? stepOpenTime(interval, last, 1) : window.to;
    const isCut = lacking.some(({ to }) => to > end);
    const judged = { from: window.from, to: isCut ? end : window.to };
    const owed = owedAfter(
      this.owed,
      judged,
      lacking.filter(({ to }) => to <= judged.to),
      now,
    );
    const next = isAhead ? judged.to : this.next;
    const milestones = { settledTo: settledTo(next, owed) };
    const options = { lane: 'backfill', signal, milestones, ...DO_NOT_WAIT } as const;
    const { revised } = await ledger.commit(closed, spans, options, rejected);
    [this.next, this.owed] = [next, owed];
    scope.rereads.record({ exchange, task: 'settle', filled, confirmed, revised: revised.length });
    scope.log.debug('collector.settle.page', { series: id, ...window, revised: revised.length });
  }

  private async finish(next: number): Promise<void> {
    this.next = next;
    const milestones = { settledTo: settledTo(next, this.owed) };
    await this.close('backfill', { milestones, ...DO_NOT_WAIT });
  }
}

/** Up to where all candles are settled. */
function settledTo(next: number, owed: readonly Owed[]): number {
  return Math.min(next, owed[0]?.from ?? Infinity);
}
