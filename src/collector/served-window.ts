import type { Window } from '../candles/coverage.js';
import { errorCode } from '../common/errors.js';
import { countOpenTimes, gridOf, openTimeAt } from '../common/interval.js';
import type { CandlePage } from '../exchanges/exchange-client.js';
import type { SeriesScope } from './series-scope.js';

/** What comes of a window that is refused. */
export const NOTHING: CandlePage = { closed: [], forming: null };

/** An answer, and from where on it speaks: what lies before in the window the exchange refused to be asked for. */
export interface ServedPage<Page> {
  /** Null where all of the window was refused, and `from` is its end. */
  readonly page: Page | null;
  readonly from: number;
}

/**
 * Asks for a window; where the exchange refuses it because it begins too long ago (Gate: more than 10,000 candles), for what
 * of it it does serve. That is found by halves, so it takes some ten requests, and only at the edge.
 *
 * @throws ExchangeError
 */
export async function fetchServed<Page = CandlePage>(
  scope: Pick<SeriesScope, 'series' | 'fetch'>,
  window: Window,
  signal: AbortSignal,
  fetch = ((asked: Window) => scope.fetch({ ...asked, signal })) as (asked: Window) => Promise<Page>,
): Promise<ServedPage<Page>> {
  const { to } = window;
  const grid = gridOf(scope.series);
  const ask = async (from: number): Promise<ServedPage<Page>> => {
    try {
      return { page: await fetch({ from, to }), from };
    } catch (error) {
      if (errorCode(error) !== 'EXCHANGE_BAD_REQUEST') throw error;
      return { page: null, from: to };
    }
  };
  const whole = await ask(window.from);
  const newest = openTimeAt(grid, to - 1);
  if (whole.from < to || newest <= window.from) return whole;
  let served = await ask(newest);
  for (let refused = window.from; served.from < to && countOpenTimes(grid, refused, served.from) > 1;) {
    const middle = openTimeAt(grid, (refused + served.from) / 2);
    const answer = await ask(middle);
    if (answer.from < to) served = answer;
    else refused = middle;
  }
  return served;
}
