import { gridOf, openTimeAt, stepOpenTime } from '../common/interval.js';
import type { Extent } from './answer-cache.js';
import type { CandlePage, PagesQuery } from './candle-pages.js';
import type { CandleSource } from './series.js';

/** What is older than this is not waited for by any candle that is made of minutes, in milliseconds. */
const SETTLED_MS = 2 * 86_400_000;

/**
 * The stretch of a series whose change would change a page.
 *
 * @param now Unix ms
 * @returns null where the page may change without a commit of closed candles
 */
export function extentOf(
  source: CandleSource,
  query: PagesQuery,
  page: Pick<CandlePage, 'text' | 'next' | 'full' | 'forming'>,
  now: number,
): Extent | null {
  const { series, rollup } = source;
  const interval = rollup ?? gridOf(series);
  const { from, to, order, closed } = query;
  const { next } = page;
  if (!closed && (page.forming !== null || !isOver(query, next, stepOpenTime(interval, now, -2))))
    return null;

  let [low, high] = [from ?? -Infinity, to ?? Infinity];
  if (order === 'desc') {
    low = next ?? low;
  } else {
    if (next !== null) high = next + 1;
    else if (rollup && high > now - SETTLED_MS) high = Infinity; // a later minute tells that a candle is over
    if (from === undefined && to === undefined && page.full) low = firstTime(page.text) ?? low;
  }
  if (rollup === null || low >= high) return { seriesId: series.id, from: low, to: Math.max(low, high) };
  return {
    seriesId: series.id,
    from: Number.isFinite(low) ? openTimeAt(rollup, low) : low,
    to: Number.isFinite(high) ? stepOpenTime(rollup, openTimeAt(rollup, high - 1), 1) : high,
  };
}

/** Whether no candle that is open now, or will be, belongs to the page. */
function isOver({ to }: PagesQuery, next: number | null, before: number): boolean {
  return next !== null || (to !== undefined && to <= before);
}

function firstTime(text: Buffer): number | null {
  const found = /\d+/.exec(text.toString('latin1', 0, 40));
  return found ? Number(found[0]) : null;
}
