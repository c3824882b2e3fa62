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
/** Where there is said to be nothing is looked at again after a day, then after 2, 4, 8, …: exchanges fill outages late. */
const SETTLED_FIRST_WAIT_MS = DAY;
const SETTLED_GROWTH = 2;

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
  /** What was last asked for before this is due, Unix ms, where somebody wants it so. */
  readonly wanted?: number | null;
}

/**
 * Whether it is time to ask for this stretch again.
 *
 * @param wanted when somebody asked for it to be done, Unix ms
 */
export function isDue(span: CoverageSpan, now: number, wanted: number | null = null): boolean {
  if (span.state === 'have') return false;
  const { asked, askedAt } = attemptsOf(span);
  if (wanted !== null && askedAt < wanted) return true;
  const since = now - askedAt;
  // Asked for in the future: by a clock that was wrong, and would keep it from being asked for until then.
  return since < 0 || since >= (span.state === 'missing' ? waitMs(asked) : settledWaitMs(asked));
}

/** Whether repair asks for it: what lies before a market is looked for as its beginning is. */
export function isHole({ state }: CoverageSpan): boolean {
  return state === 'missing' || state === 'empty' || state === 'delisted';
}

/** Whether there is said to be nothing. */
export function isSettled({ state }: CoverageSpan): boolean {
  return state !== 'have' && state !== 'missing';
}

/**
 * Whether nothing in one more answer would mean that there is nothing: it was asked for again before, some time ago. For
 * one that is settled, one answer does.
 */
export function isDecidedBy(span: CoverageSpan, now: number): boolean {
  const { asked, askedAt } = attemptsOf(span);
  return isSettled(span) || (asked >= 2 && now - askedAt >= APART_MS);
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
    if (!isHole(span) || !isDue(span, now, view.wanted)) continue;
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

/** What a list of markets said of the time until a market came back was never asked for: that is done at once. */
function settledWaitMs(asked: number): number {
  return asked === 0 ? 0 : SETTLED_FIRST_WAIT_MS * SETTLED_GROWTH ** (asked - 1);
}
