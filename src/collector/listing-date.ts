import { attemptsOf, gapsIn, subtract, within, type CoverageSpan, type Window } from '../candles/coverage.js';
import { countOpenTimes, openTimeAt, type Grid } from '../common/interval.js';
import { isDue } from './repair-plan.js';
import { listingSearch, type Listing, type ListingSearch } from './listing-search.js';

/** What is asked for: from `start` on, in pages, up to where sync's realm begins. Times are Unix ms. */
export interface HistoryPlan {
  readonly interval: Grid;
  readonly pageSize: number;
  readonly start: number;
  readonly before: number;
  readonly now: number;
}

interface Stretch extends Window {
  /** The same for a stretch that has been searched already. */
  readonly key: string;
  /** An open time that may be the oldest. */
  readonly candidate?: number;
}

/** Shorter stretches are walked through as fast as they are searched. */
const WALKED_PAGES = 8;

/** The search for the listing date of one series, look by look, for as long as a worker holds it. */
export class ListingDate {
  private search: ListingSearch | null = null;
  private asked: Stretch | null = null;
  private look: Window | null = null;
  private found: Listing | null = null;
  /** Stretches that have been searched, by their ends that do not move. */
  private readonly searched = new Set<string>();

  /** What has been found, to be written down, and the stretch it was looked for in; null while there is nothing. */
  get result(): { readonly listing: Listing; readonly stretch: Window } | null {
    return this.found && this.asked && { listing: this.found, stretch: this.asked };
  }

  /**
   * The window to look into next; null when nothing is to be searched.
   *
   * @param known listing dates of the market's other intervals
   */
  async next(
    spans: readonly CoverageSpan[],
    plan: HistoryPlan,
    known: () => Promise<readonly number[]>,
  ): Promise<Window | null> {
    if (this.search === null) {
      const stretch = stretchToSearch(spans, plan);
      if (stretch === null || this.searched.has(stretch.key)) return null;
      const { interval, pageSize } = plan;
      const candidate = stretch.candidate ?? candidateFrom(await known(), interval, stretch);
      this.asked = stretch;
      this.search = listingSearch({ interval, pageSize, ...stretch, candidate });
      this.take(this.search.next(null));
    }
    return this.look;
  }

  /** @param oldest the open time of the oldest candle in the window that was looked into, or null */
  answered(oldest: number | null): void {
    if (this.search) this.take(this.search.next(oldest));
  }

  /** The exchange refuses to be asked for so old a time: no proof of anything. */
  refused(): void {
    if (this.asked && this.look?.from === this.asked.from && this.look.to === this.asked.to)
      this.answered(null);
    else this.unclear();
  }

  /** Something came, and it cannot be told for when: no proof of anything either. */
  unclear(): void {
    this.found = { kind: 'unknown' };
  }

  /** The result has been written down. */
  settled(): void {
    if (this.asked) this.searched.add(this.asked.key);
    this.search = this.asked = this.look = this.found = null;
  }

  /** Nothing was there at all: the next run looks again. */
  postponed(): void {
    this.search = this.asked = this.look = this.found = null;
  }

  private take({ done, value }: IteratorResult<Window, Listing>): void {
    if (done) [this.look, this.found] = [null, value];
    else this.look = value;
  }
}

/** The open time of the oldest candle that the exchange shows, by what was found about a stretch; null where that says nothing. */
export function oldestShown(found: Listing, stretch: Window, known: readonly CoverageSpan[]): number | null {
  if (found.kind === 'at') return found.openTime;
  if (found.kind === 'none') return known.find(({ state }) => state === 'have')?.from ?? null;
  const wasUnlisted = within(known, stretch).some(({ state }) => state === 'unlisted');
  return found.kind === 'older' && wasUnlisted ? stretch.from : null;
}

/**
 * What is to be said of a stretch of which it was found since when the market has been there. What the exchange does not show
 * of the time from then on is missing, also where it was taken for the time before it.
 */
export function spansBefore(
  known: readonly CoverageSpan[],
  found: {
    readonly stretch: Window;
    readonly oldest: number;
    readonly listedAt: number;
    readonly now: number;
  },
): CoverageSpan[] {
  const { stretch, oldest, listedAt, now } = found;
  const before = within(known, stretch).find(({ state }) => state === 'unlisted');
  // What sync has asked for already, and found missing, was before the listing too.
  const wasAsked = gapsIn({ from: stretch.to, to: oldest }, known).length === 0;
  const to = wasAsked ? oldest : stretch.to;
  const asked = before ? attemptsOf(before).asked + 1 : 1;
  const unlisted = {
    from: stretch.from,
    to: Math.min(to, listedAt),
    state: 'unlisted',
    asked,
    askedAt: now,
  } as const;
  const missing = {
    from: listedAt,
    to: before ? stretch.to : to,
    state: 'missing',
    asked: 1,
    askedAt: now,
  } as const;
  const others = known.filter(({ state }) => state !== 'unlisted');
  return [unlisted, ...subtract([missing], others)].filter(({ from, to: end }) => from < end);
}

/**
 * The oldest stretch, where nothing has been asked for yet and it is long; or all before the oldest candle, where nothing
 * came of it, which is what the walk leaves before the first candle of a young market, or where it was found to be before
 * the listing, and is to be looked at again.
 */
function stretchToSearch(
  spans: readonly CoverageSpan[],
  { interval, pageSize, start, before, now }: HistoryPlan,
): Stretch | null {
  if (start >= before) return null;
  // What we have from before the beginning, the market was listed before: the settings wanted more once.
  if (spans.some(({ state, from }) => state === 'have' && from < start)) return null;
  const known = spans.filter(({ to }) => to > start);
  const [first] = known;
  const [gap] = gapsIn({ from: start, to: before }, spans);
  const isOldest = gap && (gap.from === start || (first?.state === 'unlisted' && first.to === gap.from));
  if (isOldest) {
    const isLong = countOpenTimes(interval, gap.from, gap.to) > WALKED_PAGES * pageSize;
    // The beginning of what is wanted moves on with time: one search from there is enough.
    return isLong ? { ...gap, key: gap.from === start ? 'start' : `gap ${gap.from}` } : null;
  }
  const oldest = known.find(({ state }) => state === 'have');
  if (gap || !first || !oldest) return null;
  const older = known.slice(0, known.indexOf(oldest));
  const stretch = { from: Math.max(first.from, start), to: oldest.from, candidate: oldest.from };
  const due = older.find((span) => span.state === 'unlisted' && isDue(span, now));
  if (due) return { ...stretch, key: `unlisted ${due.askedAt}` };
  return older.some(({ state }) => state === 'missing')
    ? { ...stretch, key: `missing ${oldest.from}` }
    : null;
}

function candidateFrom(listings: readonly number[], interval: Grid, { from, to }: Window): number | null {
  const candidates = listings.map((listedAt) => openTimeAt(interval, listedAt));
  const inside = candidates.filter((openTime) => openTime > from && openTime < to);
  return inside.length > 0 ? Math.min(...inside) : null;
}
