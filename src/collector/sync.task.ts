import type { EntityManager } from 'typeorm';
import { newIn, spansOfAnswer, type CoverageSpan } from '../candles/coverage.js';
import { gridOf, openTimeAt, stepOpenTime } from '../common/interval.js';
import { downtime, historyStart, keptSince, READ_AGAIN, syncWindow } from './collection-plan.js';
import { ScheduledTask } from './scheduled-task.js';
import type { SeriesLedger, SeriesScope } from './series-scope.js';

/** How often the last closed candle is asked for again when the exchange does not have it yet. */
const ATTEMPTS = 4;
const FIRST_RETRY_MS = 1000;

/**
 * Brings a series up to the last closed candle, and reads the ones before it again. One run per boundary of its interval.
 */
export class SyncTask extends ScheduledTask {
  private attempts = 0;

  constructor(scope: SeriesScope, ledger: SeriesLedger) {
    super(scope, ledger, 'sync');
  }

  /** The boundary that has just passed is this run's slot. */
  request(now: number): void {
    this.job.request(openTimeAt(gridOf(this.scope.series), now));
  }

  protected override async step(signal: AbortSignal): Promise<void> {
    const { scope, ledger } = this;
    const interval = gridOf(scope.series);
    const before = this.job.slot;
    if (!(await this.job.claim())) return;
    if (this.job.slot !== before) this.attempts = 0;

    const now = scope.clock.now();
    const start = historyStart(scope.backfill, interval, now, scope.keepMs, scope.wishes.backfillFrom);
    const pageSize = await scope.pageSize(signal);
    // An exchange that ends its answers at holes would end each at the same one, if it were asked from before it again.
    const readAgain = this.attempts === 0 ? READ_AGAIN : 0;
    const window = syncWindow(ledger.spans, { interval, pageSize, now, start, readAgain });
    if (!window) return this.close('live');

    const request = { from: window.from, to: stepOpenTime(interval, window.to, 1), signal };
    const page = await ledger.fetch(request, { urgent: true });
    if (!page) return;
    const last = page.closed.at(-1);
    this.attempts += 1;
    const complete = last !== undefined && stepOpenTime(interval, last.openTime, 1) >= window.to;
    const finished = complete || this.attempts >= ATTEMPTS;
    // What comes after the last candle may be late and not missing: nothing is said about it.
    const spans = last
      ? spansOfAnswer(
          interval,
          { from: window.from, to: stepOpenTime(interval, last.openTime, 1) },
          page.closed.map(({ openTime }) => openTime),
          scope.clock.now(),
        )
      : [];
    const also = (manager: EntityManager) => (finished ? this.job.finish(manager, 'ok') : Promise.resolve());
    const milestones = ledger.wasCollected ? {} : { milestones: { historyFrom: start } };
    const options = { lane: 'live', also, ...milestones } as const;
    // A market that sends nothing may have come to its end in that time.
    const missed = last ? this.downtime(start, now) : [];
    await ledger.commit(page.closed, [...missed, ...newIn(spans, ledger.spans)], options, page.rejected);
    if (finished) this.job.closed();
    else this.postpone(scope.clock.now(), FIRST_RETRY_MS * 2 ** (this.attempts - 1));
    if (page.forming) await ledger.saveForming(page.forming);
  }

  /** A time without a process that was longer than the history that is wanted: its rest is repair's. */
  private downtime(start: number, now: number): CoverageSpan[] {
    const { scope, ledger } = this;
    if (!ledger.wasCollected || !('spanMs' in scope.backfill)) return [];
    const kept = keptSince(scope.keepMs, now);
    const stretch = downtime(ledger.spans, { interval: gridOf(scope.series), start, kept });
    return stretch ? [{ ...stretch, state: 'missing' }] : [];
  }
}
