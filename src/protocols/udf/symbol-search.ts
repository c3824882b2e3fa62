import type { KeptMarket } from '../../candles/market-reader.js';
import { describe, SYMBOL_TYPE } from './symbol-info.js';
import { exchangeName, squeeze, tickerOf } from './symbol-index.js';

export interface SymbolQuery {
  /** Empty: all. */
  readonly query: string;
  /** Of symbols, in TradingView's words; empty: any. */
  readonly type: string;
  /** Empty: any. */
  readonly exchange: string;
  readonly limit: number;
}

export interface FoundSymbol {
  readonly symbol: string;
  readonly full_name: string;
  readonly description: string;
  readonly exchange: string;
  readonly ticker: string;
  readonly type: string;
}

/** The best matches first; those that match as well, in the order in which they came. */
export function searchSymbols(
  markets: readonly KeptMarket[],
  { query, type, exchange, limit }: SymbolQuery,
): FoundSymbol[] {
  if (type !== '' && type.toLowerCase() !== SYMBOL_TYPE) return [];
  const wanted = query.trim().toUpperCase();
  return markets
    .filter((market) => exchange === '' || exchangeName(market.exchange) === exchangeName(exchange))
    .map((market) => ({ market, rank: rankOf(market, wanted) }))
    .filter(({ rank }) => rank !== Infinity)
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, limit)
    .map(({ market }) => toFound(market));
}

/** The less, the better: it is the symbol, begins it, stands in it, or only in what is told of it. */
function rankOf(market: KeptMarket, wanted: string): number {
  const names = [market.symbol.toUpperCase(), tickerOf(market).toUpperCase()];
  const bare = squeeze(market.symbol);
  const squeezed = squeeze(wanted);
  if ([market.base.toUpperCase(), bare, ...names].includes(wanted)) return 0;
  if ([bare, ...names].some((name) => name.startsWith(wanted))) return 1;
  if (names.some((name) => name.includes(wanted)) || (squeezed !== '' && bare.includes(squeezed))) return 2;
  return describe(market).toUpperCase().includes(wanted) ? 3 : Infinity;
}

function toFound(market: KeptMarket): FoundSymbol {
  return {
    symbol: market.symbol,
    full_name: tickerOf(market),
    description: describe(market),
    exchange: exchangeName(market.exchange),
    ticker: tickerOf(market),
    type: SYMBOL_TYPE,
  };
}
