import type { Window } from '../candles/coverage.js';
import { errorCode } from '../common/errors.js';
import { gridOf, openTimeAt, stepOpenTime, type Interval } from '../common/interval.js';
import { EARLIEST } from '../exchanges/candle-page.js';
import type { SeriesScope } from './series-scope.js';

/** What nearly every exchange serves, the longest first. Days tell more exactly where the first week begins. */
const LONGER: readonly Interval[] = ['1w', '1d'];
const DAY = 86_400_000;

/**
 * Since when a market has been traded, going by its weeks and days: an exchange that keeps only its newest candles of each
 * interval (Kraken: 720) shows by them that there was something before.
 *
 * @param window from where history is wanted up to the oldest candle that the exchange shows of the series
 * @returns when the first day opens that was traded on and over before the window ends, Unix ms: the first week where the
 *   exchange serves no days, the beginning of the window where that is later; null when there is none
 * @throws ExchangeError that may pass
 */
export async function tradedSince(
  scope: SeriesScope,
  window: Window,
  signal: AbortSignal,
): Promise<number | null> {
  const length = stepOpenTime(scope.series.interval, 0, 1);
  let since: Window | null = null;
  for (const interval of LONGER) {
    if (length >= DAY || (since && since.from <= window.from)) break;
    since = (await firstTraded(scope, interval, since ?? window, signal)) ?? since;
  }
  return since && Math.max(since.from, window.from);
}

/** Whether the exchange shows no more what it once showed as its oldest candle, but what came after: then it trims its history. */
export async function hasTrimmed(scope: SeriesScope, oldest: number, signal: AbortSignal): Promise<boolean> {
  const { closed, rejected } = await scope.fetch({ from: oldest, to: scope.clock.now(), signal });
  return !rejected && closed.length > 0 && closed[0]!.openTime > oldest;
}

/** The first candle of another interval that had any volume, and was over before the window ends. */
async function firstTraded(
  scope: SeriesScope,
  interval: Interval,
  { from, to }: Window,
  signal: AbortSignal,
): Promise<Window | null> {
  let oldest: Window | null = null;
  try {
    const pageSize = await scope.pageSize(signal);
    // The newest page first: an exchange that counts open times has nothing to say of a window that begins long before.
    for (let end = to; ;) {
      const start = Math.max(from, EARLIEST, stepOpenTime(interval, openTimeAt(interval, end), -pageSize));
      const window = { from: openTimeAt(interval, start), to: end };
      const first = (await candlesOf(scope, interval, window, signal)).find((candle) => candle.to <= to);
      if (!first || first.from >= end) return oldest;
      oldest = first;
      end = first.from;
      if (first.from > window.from || start === from) return oldest;
    }
  } catch (error) {
    if (errorCode(error) !== 'EXCHANGE_BAD_REQUEST') throw error;
    return oldest; // it does not serve this interval
  }
}

/** When the candles of a page open and are over: those in which anything was traded. */
async function candlesOf(
  scope: SeriesScope,
  interval: Interval,
  window: Window,
  signal: AbortSignal,
): Promise<Window[]> {
  const ask = (anchor?: number) => scope.fetchOn({ interval, anchor }, { ...window, signal });
  const page = await ask();
  const grid = gridOf({ interval, anchor: page.anchor });
  const { closed } = page.anchor === undefined ? page : await ask(page.anchor);
  return closed
    .filter(({ volume }) => volume !== '0')
    .map(({ openTime }) => ({ from: openTime, to: stepOpenTime(grid, openTime, 1) }));
}
