import type { MarketListRow, RegisterChanges, RegisteredSeries } from '../candles/series-register.js';
import { isWildcard, matchesSymbol, type MarketSelector } from '../config/market-selector.js';
import type { Market } from '../exchanges/exchange-client.js';

/** So much time lies at least between the two lists that a market is missed in before it counts as delisted. */
export const ABSENT_FOR_MS = 5 * 60_000;
/** A list that lost more than this share of the active markets is not believed… */
const LOST_SHARE = 0.5;
/** …unless the lists have stayed as short for so long. */
const SHORT_FOR_MS = 24 * 3_600_000;

export interface MarketLook {
  /** When the list was read, Unix ms. */
  readonly now: number;
  readonly markets: readonly Market[];
  /** The selectors of this exchange. */
  readonly selectors: readonly MarketSelector[];
  /** Every series of this exchange. */
  readonly kept: readonly RegisteredSeries[];
  /** The list before this one. */
  readonly previous: MarketListRow | null;
}

export interface MarketVerdict {
  readonly list: MarketListRow;
  readonly changes: RegisterChanges;
  /** Whether the list was too short to be believed of what it does not hold. */
  readonly tooShort: boolean;
}

/**
 * What follows from a list of markets. What it holds is believed at once: new markets and markets that are back. What it
 * does not hold must be missing from two lists with time between, neither of which has lost half of its markets.
 */
export function judgeMarkets({ now, markets, selectors, kept, previous }: MarketLook): MarketVerdict {
  const active = new Set(markets.filter((market) => market.active).map(({ symbol }) => symbol));
  const isShort = previous !== null && active.size < previous.markets * (1 - LOST_SHARE);
  const shortSince = isShort ? (previous.shortSince ?? now) : null;
  const tooShort = shortSince !== null && now - shortSince < SHORT_FOR_MS;

  const ours = kept.filter((series) => selectors.some((selector) => asksFor(selector, series)));
  const here = ours.filter(({ symbol }) => active.has(symbol));
  const gone = tooShort
    ? []
    : ours.filter((series) => series.state === 'active' && !active.has(series.symbol));
  const wasListed = (series: RegisteredSeries) =>
    series.hasCandles || selectors.some((selector) => isWildcard(selector) && asksFor(selector, series));
  return {
    tooShort,
    list: {
      checkedAt: now,
      markets: tooShort ? previous!.markets : active.size,
      shortSince: tooShort ? shortSince : null,
      selectors: selectors.map(selectorKey),
    },
    changes: {
      added: newSeries(active, selectors, kept),
      absent: ids(gone.filter(({ absentSince }) => absentSince === null)),
      present: ids(here.filter(({ absentSince, state }) => absentSince !== null && state !== 'delisted')),
      // One that was never there is not gone: it may be misspelt, or be listed tomorrow.
      delisted: ids(
        gone.filter(
          (series) =>
            series.absentSince !== null && now - series.absentSince >= ABSENT_FOR_MS && wasListed(series),
        ),
      ),
      relisted: ids(here.filter(({ state }) => state === 'delisted')),
    },
  };
}

function ids(series: readonly RegisteredSeries[]): number[] {
  return series.map(({ id }) => id);
}

/** What of a selector decides which series it asks for. */
export function selectorKey({ symbol, intervals }: MarketSelector): string {
  return `${symbol}@${intervals.join(',')}`;
}

/** Whether a selector names this series. */
export function asksFor(
  selector: MarketSelector,
  { exchange, symbol, interval }: Pick<RegisteredSeries, 'exchange' | 'symbol' | 'interval'>,
): boolean {
  return (
    selector.exchange === exchange &&
    selector.intervals.includes(interval) &&
    matchesSymbol(selector.symbol, symbol)
  );
}

/** What the wildcards find that is not kept yet. A market that is named in full is kept whether it is listed or not. */
function newSeries(
  active: ReadonlySet<string>,
  selectors: readonly MarketSelector[],
  kept: readonly RegisteredSeries[],
): RegisterChanges['added'] {
  const known = new Set(kept.map(({ symbol, interval }) => `${symbol}@${interval}`));
  return selectors.filter(isWildcard).flatMap((selector) =>
    [...active]
      .filter((symbol) => matchesSymbol(selector.symbol, symbol))
      .flatMap((symbol) => selector.intervals.map((interval) => ({ symbol, interval })))
      .filter(({ symbol, interval }) => {
        const key = `${symbol}@${interval}`;
        return !known.has(key) && known.add(key);
      }),
  );
}
