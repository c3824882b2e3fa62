import { attemptsOf, type CoverageSpan, type Window } from '../candles/coverage.js';
import { countOpenTimes, openTimeAt, stepOpenTime, type Grid } from '../common/interval.js';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** A hole is asked for again after 5 minutes, then after 15, 45, …, and once a day for ever. */
const FIRST_WAIT_MS = 5 * MINUTE;
const GROWTH = 3;
const LONGEST_WAIT_MS = DAY;
/** Two answers must lie so far apart before nothing in both of them means that there is nothing. */
const APART_MS = 10 * MINUTE;
/** What was called empty is looked at once more after a day; if nobody was there to do so, not after a week. */
const LOOK_AGAIN_MS = DAY;
const LOOKED_AGAIN = 2;
export const RECENT_MS = 7 * DAY;

/** What a run of repair has seen so far. Open times, Unix ms. */
export interface RepairView {
  readonly interval: Grid;
  readonly pageSize: number;
  /** Unix ms. */
  readonly now: number;
  /** The oldest candle that an answer of this run held: the exchange does serve what is as old. Infinity before. */
  readonly shown: number;
  /** Where the latest request of this run began. */
  readonly begun: number | null;
}

/** Whether it is time to ask for this stretch again. */
export function isDue(span: CoverageSpan, now: number): boolean {
  const { asked, askedAt } = attemptsOf(span);
  const since = now - askedAt;
  if (span.state === 'empty') return asked < LOOKED_AGAIN && since >= LOOK_AGAIN_MS && since < RECENT_MS;
  // Asked for in the future: by a clock that was wrong, and would keep it from being asked for until then.
  return span.state === 'missing' && (since >= waitMs(asked) || since < 0);
}

/**
 * Whether nothing in one more answer would mean that there is nothing: it was asked for again before, some time ago. For
 * one that is called empty, one answer does.
 */
export function isDecidedBy(span: CoverageSpan, now: number): boolean {
  const { asked, askedAt } = attemptsOf(span);
  return span.state === 'empty' || (asked >= 2 && now - askedAt >= APART_MS);
}

/**
 * What repair asks for next: the newest stretch that is due, together with as many older ones as fit into a page, and
 * one open time more at both ends, so that the answer can hold candles on both sides. A stretch that is longer than a
 * page gets a window that is longer, too: many exchanges skip a hole, and show both its sides in one answer.
 *
 * @param spans ascending
 * @returns null when nothing is due
 */
export function repairWindow(spans: readonly CoverageSpan[], view: RepairView): Window | null {
  const { interval, pageSize, now } = view;
  const margin = pageSize < 3 ? 0 : 1;
  let window: Window | null = null;
  for (let index = spans.length - 1; index >= 0; index -= 1) {
    const span = spans[index]!;
    if (!isDue(span, now)) continue;
    const from = stepOpenTime(interval, span.from, -margin);
    if (window === null) {
      const to = Math.min(stepOpenTime(interval, span.to, margin), openTimeAt(interval, now));
      // An exchange that stops at holes shows what is in this one only when it is asked from its beginning on.
      if (isDecidedBy(span, now) && view.shown < span.from) return { from: span.from, to };
      window = { from: Math.min(from, candleBefore(spans, index, view) ?? from), to };
    } else if (countOpenTimes(interval, from, window.to) <= pageSize) {
      window = { from: Math.min(from, window.from), to: window.to };
    } else break;
  }
  return window;
}

/**
 * Where the answer could decide, but none has shown yet that the exchange serves what is as old, the window begins at the
 * newest candle that we have before the stretch, however far away. Only once: the exchange may not have it any more.
 */
function candleBefore(spans: readonly CoverageSpan[], index: number, view: RepairView): number | null {
  if (!isDecidedBy(spans[index]!, view.now)) return null;
  const before = spans.findLast(({ state }, at) => at < index && state === 'have');
  const candle = before ? stepOpenTime(view.interval, before.to, -1) : null;
  return candle === view.begun ? null : candle;
}

function waitMs(asked: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * GROWTH ** (asked - 1));
}
