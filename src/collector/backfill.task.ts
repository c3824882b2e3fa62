import type { CandlePage } from '../exchanges/exchange-client.js';
import { gapsIn, spansOfAnswer, type Window } from '../candles/coverage.js';
import { noteListing } from '../candles/series-register.js';
import { errorCode } from '../common/errors.js';
import { gridOf, openTimeAt, stepOpenTime } from '../common/interval.js';
import { BulkTask, DO_NOT_WAIT } from './bulk-task.js';
import { backfillWindow, continueEdge, historyStart, syncRealm } from './collection-plan.js';
import { ListingDate, oldestShown, spansBefore, type HistoryPlan } from './listing-date.js';
import { hasTrimmed, tradedSince } from './listing-proof.js';
import { fetchServed } from './served-window.js';
import type { SeriesLedger, SeriesScope } from './series-scope.js';
import { tracesIn } from './traces.js';

/**
 * Walks the history of a series from the newest to the oldest, page by page. Where it is follows from the coverage, so
 * it goes on exactly where it was stopped, however it was stopped. A stretch without any candle is marked `missing` and
 * left to repair: an outage of the exchange does not stop what lies before it. Before a long walk it looks where history
 * begins.
 */
export class BackfillTask extends BulkTask {
  private readonly listing = new ListingDate();
  private stored = 0;

  constructor(scope: SeriesScope, ledger: SeriesLedger) {
    super(scope, ledger, 'backfill');
  }

  protected override async nextPage(signal: AbortSignal): Promise<void> {
    const { scope, ledger } = this;
    const interval = gridOf(scope.series);
    const now = scope.clock.now();
    const start = historyStart(scope.backfill, interval, now, scope.keepMs, scope.wishes.backfillFrom);
    if (this.listing.result) return this.concludeListing(start, signal);
    const pageSize = await scope.pageSize(signal);
    const plan: HistoryPlan = {
      interval,
      pageSize,
      start,
      before: syncRealm(ledger.spans, { interval, pageSize, now }),
      now,
    };
    const listings = async () =>
      (await scope.listings?.(scope.series))?.map(({ listedAt }) => listedAt) ?? [];
    const look = await this.listing.next(ledger.spans, plan, listings);
    const window = look ?? backfillWindow(ledger.spans, plan);
    if (!window) return this.finish(start);
    await this.inPlace(() =>
      look ? this.lookForListing(look, start, signal) : this.page(window, start, signal),
    );
  }

  private async page(window: Window, historyFrom: number, signal: AbortSignal): Promise<void> {
    const { scope, ledger } = this;
    const fetch = (asked: Window) => ledger.fetch({ ...asked, signal });
    const isServed = ledger.spans.some(({ state }) => state === 'have');
    const { page, from } = isServed
      ? await fetchServed(scope, window, signal, fetch)
      : { page: await fetch(window), from: window.from };
    if (from === window.to) return this.refused({ from: historyFrom, to: window.to }, signal);
    if (!page) return;
    const { closed, rejected } = page;
    const interval = gridOf(scope.series);
    const last = closed.at(-1);
    // A short page may have been cut by the exchange: what comes after its last candle stays a gap, and is asked for
    // next. Only an answer without any candle says that there are none.
    const to = last ? stepOpenTime(interval, last.openTime, 1) : window.to;
    const openTimes = closed.map(({ openTime }) => openTime);
    const spans = spansOfAnswer(interval, { from, to }, openTimes, scope.clock.now());
    const milestones = { historyFrom };
    const options = { lane: 'backfill', signal, milestones, ...DO_NOT_WAIT } as const;
    // A row that is no candle shows that the market was there.
    const told = rejected ? spans : continueEdge(ledger.spans, spans);
    await ledger.commit(closed, told, options, rejected);
    this.stored += closed.length;
    scope.log.debug('collector.backfill.page', {
      series: scope.series.id,
      ...window,
      candles: closed.length,
    });
  }

  /** Of so old a time the exchange refuses to be asked: what is left of it is missing, and repair asks again. */
  private async refused(left: Window, signal: AbortSignal): Promise<void> {
    const { scope, ledger } = this;
    const [asked, askedAt] = [1, scope.clock.now()];
    const spans = gapsIn(left, ledger.spans).map(
      (gap) => ({ ...gap, state: 'missing', asked, askedAt }) as const,
    );
    const milestones = { historyFrom: left.from };
    await ledger.commit([], spans, { lane: 'backfill', signal, milestones, ...DO_NOT_WAIT });
    scope.log.info('collector.backfill.refused', { series: scope.series.id, ...left });
  }

  /** Of what a look brings, only what lies between its candles is said to be missing: it may be far from the rest. */
  private async lookForListing(window: Window, start: number, signal: AbortSignal): Promise<void> {
    let page: CandlePage | null;
    try {
      page = await this.ledger.fetch({ ...window, signal });
    } catch (error) {
      if (errorCode(error) !== 'EXCHANGE_BAD_REQUEST') throw error;
      this.listing.refused();
      return this.concludeListing(start, signal);
    }
    // The window was reckoned by a grid that is not the exchange's.
    if (!page) return this.listing.postponed();
    const { closed, rejected } = page;
    const interval = gridOf(this.scope.series);
    const openTimes = closed.map(({ openTime }) => openTime);
    const [first, last] = [openTimes[0], openTimes.at(-1)];
    if (first !== undefined || rejected) {
      const whole = { from: first ?? 0, to: last === undefined ? 0 : stepOpenTime(interval, last, 1) };
      const spans = spansOfAnswer(interval, whole, openTimes, this.scope.clock.now());
      await this.ledger.commit(closed, spans, { lane: 'backfill', signal, ...DO_NOT_WAIT }, rejected);
      this.stored += closed.length;
    }
    const traces = tracesIn(interval, window, rejected);
    const oldest = Math.min(first ?? Infinity, traces.openTimes[0] ?? Infinity);
    if (oldest < Infinity) this.listing.answered(oldest);
    else if (traces.unplaced) this.listing.unclear();
    else this.listing.answered(null);
    return this.concludeListing(start, signal);
  }

  private async concludeListing(start: number, signal: AbortSignal): Promise<void> {
    const { scope, listing, ledger } = this;
    if (!listing.result) return;
    const { listing: found, stretch } = listing.result;
    const oldest = oldestShown(found, stretch, ledger.spans);
    if (oldest === null) {
      // Where there is no candle at all yet, nothing can be said, and nothing is walked through: the next run looks again.
      if (found.kind !== 'none') return listing.settled();
      listing.postponed();
      return this.finish(start);
    }
    const listedAt = await this.listedAt(stretch, oldest, signal);
    const isListing = listedAt > stretch.from;
    const spans = spansBefore(ledger.spans, { stretch, oldest, listedAt, now: scope.clock.now() });
    await ledger.commit([], spans, {
      lane: 'backfill',
      ...DO_NOT_WAIT,
      ...(isListing && { also: (manager) => noteListing(manager, scope.series, listedAt) }),
    });
    listing.settled();
    const { id } = scope.series;
    scope.log.info('collector.backfill.listed', {
      series: id,
      oldest,
      listedAt: isListing ? listedAt : null,
    });
  }

  /** When the market began, although the exchange shows nothing of it from before `oldest`. */
  private async listedAt(stretch: Window, oldest: number, signal: AbortSignal): Promise<number> {
    const { scope } = this;
    if (oldest <= stretch.from) return oldest;
    const since = await tradedSince(scope, { from: stretch.from, to: oldest }, signal);
    if (since !== null) return openTimeAt(gridOf(scope.series), since);
    return (await hasTrimmed(scope, oldest, signal)) ? stretch.from : oldest;
  }

  private async finish(historyFrom: number): Promise<void> {
    await this.close('backfill', { milestones: { historyFrom }, ...DO_NOT_WAIT });
    const { series, log } = this.scope;
    if (this.stored > 0) log.info('collector.backfill.done', { series: series.id, candles: this.stored });
    this.stored = 0;
  }
}
