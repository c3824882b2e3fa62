import { indexWhere, subtract, within, type CoverageSpan, type Window } from '../candles/coverage.js';
import { firstOpenTimeFrom, openTimeAt, stepOpenTime, type Grid } from '../common/interval.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A candle is read again so long after it closed. */
const SETTLED_AFTER_MS = DAY;
/** What did not come is asked for again after so long, then after three times as long each time, … */
const FIRST_WAIT_MS = HOUR;
const GROWTH = 3;
/** … and so often in all, five days: what has not come by then is no more given. */
const ATTEMPTS = 6;

/** Candles that were asked for to be settled, and did not come. Open times, Unix ms. */
export interface Owed extends Window {
  readonly asked: number;
  /** When last, Unix ms. */
  readonly askedAt: number;
}

/** Up to where candles can be settled by now: those that open before it closed a day ago. */
export function settleableTo(interval: Grid, now: number): number {
  return openTimeAt(interval, now - SETTLED_AFTER_MS);
}

/**
 * What settlement asks for next: the oldest page from `settledTo` on that holds a candle of ours.
 *
 * @param spans ascending
 * @returns null when there is none, up to `settleableTo`
 */
export function settleWindow(
  spans: readonly CoverageSpan[],
  { interval, pageSize, now, settledTo }: SettleView,
): Window | null {
  const end = settleableTo(interval, now);
  const begin = firstOpenTimeFrom(interval, settledTo);
  const next = spans.slice(indexWhere(spans, ({ to }) => to > begin)).find(({ state }) => state === 'have');
  if (!next) return null;
  const from = Math.max(begin, next.from);
  return from < end ? { from, to: Math.min(end, stepOpenTime(interval, from, pageSize)) } : null;
}

export interface SettleView {
  readonly interval: Grid;
  readonly pageSize: number;
  /** Unix ms. */
  readonly now: number;
  /** From where on nothing has been asked for yet, Unix ms. */
  readonly settledTo: number;
}

/** The page that begins with the oldest candle that is owed and is due; null where none is. */
export function owedWindow(owed: readonly Owed[], view: Omit<SettleView, 'settledTo'>): Window | null {
  const due = owed.find(({ asked, askedAt }) => view.now - askedAt >= FIRST_WAIT_MS * GROWTH ** (asked - 1));
  if (!due) return null;
  const end = stepOpenTime(view.interval, due.from, view.pageSize);
  return { from: due.from, to: Math.min(end, settleableTo(view.interval, view.now)) };
}

/**
 * What is owed after an answer.
 *
 * @param window what was asked for
 * @param lacking candles that we have in it, and that did not come: ascending
 * @returns ascending
 */
export function owedAfter(
  owed: readonly Owed[],
  window: Window,
  lacking: readonly Window[],
  now: number,
): Owed[] {
  const again = lacking.flatMap((stretch) => {
    const known = within(owed, stretch).map((one) => ({ ...one, asked: one.asked + 1, askedAt: now }));
    return [...known, ...subtract([{ ...stretch, asked: 1, askedAt: now }], known)];
  });
  const left = [...subtract(owed, [window]), ...again.filter(({ asked }) => asked < ATTEMPTS)];
  return left.toSorted((a, b) => a.from - b.from);
}
