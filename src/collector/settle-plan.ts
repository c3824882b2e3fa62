import { indexWhere, type CoverageSpan, type Window } from '../candles/coverage.js';
import { firstOpenTimeFrom, openTimeAt, stepOpenTime, type Grid } from '../common/interval.js';

const DAY = 86_400_000;
/** A candle is read again so long after it closed. */
const SETTLED_AFTER_MS = DAY;
/** What the exchange has not given by so long after is not waited for: it keeps no more than it keeps. */
const GIVEN_UP_AFTER_MS = 2 * DAY;

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
  /** From where on candles are still to be settled, Unix ms. */
  readonly settledTo: number;
}

/**
 * Up to where a window is settled by an answer: to its end if all the candles came that we have in it; otherwise behind
 * the last that came.
 *
 * @param openTimes of the candles that came, ascending
 * @param cut the first candle that did not come although we have it; Infinity where there is none
 * @returns null when nothing came, and is worth being asked for again
 */
export function settledBy(
  interval: Grid,
  window: Window,
  { openTimes, cut, now }: { openTimes: readonly number[]; cut: number; now: number },
): number | null {
  const last = openTimes.at(-1);
  if (cut >= window.to) return window.to;
  if (last !== undefined) return stepOpenTime(interval, last, 1);
  return window.to <= now - GIVEN_UP_AFTER_MS ? window.to : null;
}
