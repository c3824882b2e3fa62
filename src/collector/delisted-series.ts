import { gridOf, openTimeAt, stepOpenTime } from '../common/interval.js';
import { spansOfAnswer, type CoverageSpan } from '../candles/coverage.js';
import { ExchangeError } from '../exchanges/exchange-errors.js';
import { endOfKnown } from './collection-plan.js';
import { SeriesLedger, type SeriesScope } from './series-scope.js';
import { tracesIn } from './traces.js';

/** Pages that are read of what a market left behind, at most. */
const LAST_PAGES = 50;

/**
 * Says of a series whose market is gone that from its last candle on it was delisted, up to now. What the exchange still
 * tells of the time before its end, and we do not have, is read first, once.
 *
 * @param until when the market was found to be gone, Unix ms
 * @returns false when another holds the lease of the series
 * @throws LockLostError | ExchangeError that may pass
 */
export async function layDelisted(scope: SeriesScope, until: number, stop: AbortSignal): Promise<boolean> {
  const { series, locks, store } = scope;
  const to = openTimeAt(gridOf(series), until);
  if (saysDelisted(await store.coverage(series), to)) return true;
  const lease = await locks.acquire(`series:${series.id}`);
  if (!lease) return false;
  try {
    const ledger = await SeriesLedger.open(lease, scope);
    if (!saysDelisted(ledger.spans)) {
      await readLastPages(scope, ledger, to, AbortSignal.any([stop, lease.signal]));
    }
    const from = endOfKnown(ledger.spans);
    if (from !== null && from < to) {
      await ledger.commit([], [{ from, to, state: 'delisted' }], { lane: 'live' });
    }
    return true;
  } finally {
    await locks.release(lease);
  }
}

function saysDelisted(spans: readonly CoverageSpan[], to = -Infinity): boolean {
  const last = spans.at(-1);
  return last?.state === 'delisted' && last.to >= to;
}

async function readLastPages(
  scope: SeriesScope,
  ledger: SeriesLedger,
  to: number,
  signal: AbortSignal,
): Promise<void> {
  const grid = gridOf(scope.series);
  try {
    for (let pages = 0; pages < LAST_PAGES; pages += 1) {
      const from = endOfKnown(ledger.spans);
      if (from === null || from >= to) return;
      const { closed, rejected } = await scope.fetch({ from, to, signal });
      const openTimes = closed.map(({ openTime }) => openTime);
      const traces = tracesIn(grid, { from, to }, rejected);
      const last = Math.max(openTimes.at(-1) ?? -Infinity, traces.openTimes.at(-1) ?? -Infinity);
      const end = last === -Infinity ? from : stepOpenTime(grid, last, 1);
      const spans = spansOfAnswer(grid, { from, to: end }, openTimes, scope.clock.now());
      if (spans.length > 0 || rejected) await ledger.commit(closed, spans, { lane: 'live' }, rejected);
      if (end === from) return;
    }
  } catch (error) {
    // An exchange that has struck the market off knows nothing of it any more.
    if (!(error instanceof ExchangeError) || error.retryable) throw error;
  }
}
