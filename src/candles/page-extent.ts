import { gridOf, openTimeAt, stepOpenTime } from '../common/interval.js';
import type { Extent } from './answer-cache.js';
import type { CandlePage, PagesQuery } from './candle-pages.js';
import type { CandleSource } from './series.js';

/** No candle that is open is older, however wrong an exchange's clock is, in milliseconds. */
const MAY_FORM_MS = 3_600_000;

/**
 * The stretch of a series whose change would change a page.
 *
 * @param now Unix ms
 * @returns null where the page may change without a commit of closed candles
 */
export function extentOf(
  source: CandleSource,
  query: PagesQuery,
  page: Pick<CandlePage, 'text' | 'next' | 'full' | 'forming' | 'over'>,
  now: number,
): Extent | null {
  const { series, rollup } = source;
  const interval = rollup ?? gridOf(series);
  const { from, to, order, closed } = query;
  const { next } = page;
  const mayForm = Math.min(stepOpenTime(interval, now, -2), now - MAY_FORM_MS);
  if (!closed && (page.forming !== null || !isOver(query, next, mayForm))) return null;

  let [low, high] = [from ?? -Infinity, to ?? Infinity];
  if (order === 'desc') {
    low = next ?? low;
  } else {
    if (next !== null) high = next + 1;
    if (from === undefined && to === undefined && page.full) low = firstTime(page.text) ?? low;
  }
  if (rollup === null || low >= high) return { seriesId: series.id, from: low, to: Math.max(low, high) };
  const start = Number.isFinite(low) ? openTimeAt(rollup, low) : low;
  const end = Number.isFinite(high) ? stepOpenTime(rollup, openTimeAt(rollup, high - 1), 1) : high;
  // What is not over may be told to be by a candle that opens after it.
  return { seriesId: series.id, from: start, to: end > (page.over ?? Infinity) ? Infinity : end };
}

/** Whether a window of a series lies so far back that no candle in it can be open. @param now Unix ms */
export function isPast({ rollup }: CandleSource, to: number | undefined, now: number): boolean {
  // Of one that is made of others, the last may have been left unfinished.
  return rollup === null && to !== undefined && to <= now - MAY_FORM_MS;
}

/** Whether no candle that is open now, or will be, belongs to the page. */
function isOver({ to, order }: PagesQuery, next: number | null, before: number): boolean {
  return (order === 'asc' && next !== null) || (to !== undefined && to <= before);
}

function firstTime(text: Buffer): number | null {
  const found = /\d+/.exec(text.toString('latin1', 0, 40));
  return found ? Number(found[0]) : null;
}
