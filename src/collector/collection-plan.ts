import { endOfHave, gapsIn, type CoverageSpan, type Window } from '../candles/coverage.js';
import { firstOpenTimeFrom, openTimeAt, stepOpenTime, type Grid } from '../common/interval.js';
import type { BackfillStart } from '../config/environment.schema.js';

/** Closed candles that are wanted of any series: of 30 days no month has begun and ended, and two rows tell a grid. */
const LEAST = 2;

/**
 * How far back the history of a series shall go: the first open time, Unix ms. What is no longer kept is not asked for. The
 * last two candles that have closed are wanted however short the time, as long as the date for the beginning allows.
 *
 * @param keepMs for how long candles of the series are kept, or null for ever
 * @param asked how far back somebody asked for, Unix ms, where that is farther
 */
export function historyStart(
  backfill: BackfillStart,
  interval: Grid,
  now: number,
  keepMs: number | null = null,
  asked: number | null = null,
): number {
  const least = stepOpenTime(interval, openTimeAt(interval, now), -LEAST);
  const configured = 'since' in backfill ? backfill.since : Math.min(now - backfill.spanMs, least);
  const wanted = asked === null ? configured : Math.min(configured, asked);
  return firstOpenTimeFrom(interval, Math.max(wanted, Math.min(keptSince(keepMs, now), least)));
}

/** Since when candles are kept, Unix ms; `-Infinity` where none is ever removed. */
export function keptSince(keepMs: number | null, now: number): number {
  return keepMs === null ? -Infinity : now - keepMs;
}

/**
 * The time that has passed without a process, as far as it lies before what is wanted of the past by now: between the newest
 * that is known and `start` nobody would ask for it. Open times; null where there is none.
 *
 * @param kept since when candles are kept, Unix ms
 */
export function downtime(
  spans: readonly CoverageSpan[],
  { interval, start, kept }: { interval: Grid; start: number; kept: number },
): Window | null {
  const known = endOfKnown(spans);
  if (known === null) return null;
  const from = kept > known ? firstOpenTimeFrom(interval, kept) : known;
  return from < start ? { from, to: start } : null;
}

/** How many of the newest candles sync asks for again: an exchange may have changed them since, or sent one late. */
export const READ_AGAIN = 2;

export interface SyncPlan {
  readonly interval: Grid;
  readonly pageSize: number;
  /** Unix ms. */
  readonly now: number;
  /** First open time that is wanted, Unix ms. */
  readonly start: number;
  /** How many of the newest candles to ask for once more. */
  readonly readAgain?: number;
}

/**
 * What sync asks for: from the candle before the newest that we have up to the one that is open now, but at most one
 * page, counted from the end. What lies before is a gap, and gaps are backfill's.
 *
 * @returns null when the newest closed candle is there
 */
export function syncWindow(
  spans: readonly CoverageSpan[],
  { interval, pageSize, now, start, readAgain = READ_AGAIN }: SyncPlan,
): Window | null {
  const to = openTimeAt(interval, now);
  const end = endOfHave(spans);
  if (end !== null && end >= to) return null;
  const wanted = end === null ? start : stepOpenTime(interval, end, -readAgain);
  const from = Math.max(wanted, endOfDelisted(spans), stepOpenTime(interval, to, -pageSize), start);
  return from < to ? { from, to } : null;
}

/**
 * What backfill asks for next: the newest page of the newest stretch that nobody has asked for yet.
 *
 * @param before where sync's realm begins, Unix ms
 * @returns null when everything from `start` on has been asked for
 */
export function backfillWindow(
  spans: readonly CoverageSpan[],
  { interval, pageSize, start, before }: { interval: Grid; pageSize: number; start: number; before: number },
): Window | null {
  if (start >= before) return null;
  const gap = gapsIn({ from: start, to: before }, spans).at(-1);
  if (!gap) return null;
  return { from: Math.max(gap.from, stepOpenTime(interval, gap.to, -pageSize)), to: gap.to };
}

/**
 * What an answer says of the time before its first candle, where that follows a stretch before the listing or after the
 * delisting of the market: the market was not there yet.
 */
export function continueEdge(
  known: readonly CoverageSpan[],
  spans: readonly CoverageSpan[],
): readonly CoverageSpan[] {
  const [first, ...rest] = spans;
  if (first?.state !== 'missing' || rest.length === 0) return spans;
  const edge = known.find(({ to }) => to === first.from);
  if (edge?.state !== 'unlisted' && edge?.state !== 'delisted') return spans;
  return [{ ...first, state: edge.state }, ...rest];
}

/**
 * Where sync's realm begins, Unix ms: at the end of what is known, but at most a page before now. While nothing is known,
 * all of it is backfill's.
 */
export function syncRealm(
  spans: readonly CoverageSpan[],
  { interval, pageSize, now }: { interval: Grid; pageSize: number; now: number },
): number {
  const open = openTimeAt(interval, now);
  const known = endOfKnown(spans);
  return known === null ? open : Math.max(known, stepOpenTime(interval, open, -pageSize));
}

/** The newest moment of which anything is known, or null. */
export function endOfKnown(spans: readonly CoverageSpan[]): number | null {
  return spans.reduce<number | null>((end, { to }) => (end === null || to > end ? to : end), null);
}

/** The end of the newest stretch in which the market was not there, Unix ms. */
function endOfDelisted(spans: readonly CoverageSpan[]): number {
  return Math.max(-Infinity, ...spans.filter(({ state }) => state === 'delisted').map(({ to }) => to));
}
