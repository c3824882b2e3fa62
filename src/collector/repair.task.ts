import { gridOf } from '../common/interval.js';
import type { CoverageSpan, Window } from '../candles/coverage.js';
import { BulkTask, DO_NOT_WAIT } from './bulk-task.js';
import { keptSince } from './collection-plan.js';
import { askedInVain, judgeHoles } from './hole-verdicts.js';
import { isDue, isHole, repairWindow } from './repair-plan.js';
import { fetchServed, NOTHING } from './served-window.js';
import type { SeriesLedger, SeriesScope } from './series-scope.js';

/** Requests of one run: the rest waits for the next, so that holes by the thousand do not keep backfill from its turn. */
const PAGES_PER_RUN = 50;

/** Asks again for what is missing, the newest first, until it has come, or is known to be empty. */
export class RepairTask extends BulkTask {
  private slot: number | null = null;
  private pages = 0;
  /** The oldest candle that an answer of this run held, open time in Unix ms. */
  private shown = Infinity;
  private begun: number | null = null;
  private filled = 0;
  private confirmed = 0;

  constructor(scope: SeriesScope, ledger: SeriesLedger) {
    super(scope, ledger, 'repair');
  }

  /** Where nothing is due there is no run, and nothing to be written. */
  override request(slot: number): void {
    const now = this.scope.clock.now();
    const wanted = this.scope.wishes.repairAsked;
    if (this.spans(now).some((span) => isHole(span) && isDue(span, now, wanted))) super.request(slot);
  }

  protected override async nextPage(signal: AbortSignal): Promise<void> {
    const { scope } = this;
    if (this.job.slot !== this.slot) this.begin();
    const pageSize = await scope.pageSize(signal);
    const interval = gridOf(scope.series);
    const now = scope.clock.now();
    const view = {
      interval,
      pageSize,
      now,
      shown: this.shown,
      begun: this.begun,
      wanted: scope.wishes.repairAsked,
    };
    const window = this.pages < PAGES_PER_RUN ? repairWindow(this.spans(now), view) : null;
    if (!window) return this.finish();
    await this.inPlace(() => this.page(window, pageSize, signal));
  }

  /** What is known of the time whose candles are kept. */
  private spans(now: number): readonly CoverageSpan[] {
    const since = keptSince(this.scope.keepMs, now);
    return this.ledger.spans.filter(({ to }) => to > since);
  }

  private begin(): void {
    this.slot = this.job.slot;
    this.pages = this.filled = this.confirmed = 0;
    this.shown = Infinity;
    this.begun = null;
  }

  private async page(window: Window, pageSize: number, signal: AbortSignal): Promise<void> {
    const { scope, ledger, shown } = this;
    const { id, exchange } = scope.series;
    const interval = gridOf(scope.series);
    const { page, from } = await fetchServed(scope, window, signal);
    const { closed, rejected } = page ?? NOTHING;
    const openTimes = closed.map(({ openTime }) => openTime);
    const now = scope.clock.now();
    const verdicts = judgeHoles(ledger.spans, {
      interval,
      window: { from, to: window.to },
      openTimes,
      rejected,
      pageSize,
      now,
      shown,
    });
    const options = { lane: 'backfill', signal, ...DO_NOT_WAIT } as const;
    const refused = askedInVain(ledger.spans, { from: window.from, to: from }, now);
    const { revised } = await ledger.commit(closed, [...refused, ...verdicts.spans], options, rejected);

    const { filled, confirmed } = verdicts;
    this.pages += 1;
    this.shown = Math.min(shown, openTimes[0] ?? Infinity);
    this.begun = window.from;
    this.filled += filled;
    this.confirmed += confirmed;
    scope.rereads.record({ exchange, task: 'repair', filled, confirmed, revised: revised.length });
    scope.log.debug('collector.repair.page', { series: id, ...window, filled, confirmed });
  }

  private async finish(): Promise<void> {
    await this.close('backfill', DO_NOT_WAIT);
    const { filled, confirmed, pages } = this;
    const { series, log } = this.scope;
    if (filled + confirmed > 0) {
      log.info('collector.repair.done', { series: series.id, requests: pages, filled, confirmed });
    }
  }
}
