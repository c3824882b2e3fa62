import type { KeptMarket } from '../../candles/market-reader.js';

/** What Binance calls a market by. */
export const ID_PATTERN = /^[A-Z0-9-_.]{1,20}$/;

/** A market under the name that Binance's clients ask for it by. */
export interface ListedMarket extends KeptMarket {
  /** Always `base` and then `quote`. */
  readonly id: string;
}

/**
 * `BTC/USDT` is `BTCUSDT`. Of a derivative what it settles in belongs to the quote, `BTC/USDT:USDT` being `BTCUSDT_USDT`:
 * a client that puts base and quote together again, as ccxt does, would otherwise take it for the spot market.
 */
export function toListed(market: KeptMarket): ListedMarket {
  const [pair = '', settle] = market.symbol.split(':');
  const [base = '', plain = ''] = pair.split('/');
  const quote = settle === undefined ? plain : `${plain}_${settle}`;
  return { ...market, base, quote, id: base + quote };
}

/** Those markets of an exchange that can have an id, by it. Of two with one id the spot market has it, or the first. */
export function listMarkets(
  markets: readonly KeptMarket[],
  exchange: string,
): ReadonlyMap<string, ListedMarket> {
  const own = markets.filter((market) => market.exchange === exchange);
  const spotFirst = [...own.filter(isSpot), ...own.filter((market) => !isSpot(market))];
  const listed = new Map<string, ListedMarket>();
  for (const market of spotFirst.map(toListed)) {
    if (ID_PATTERN.test(market.id) && !listed.has(market.id)) listed.set(market.id, market);
  }
  return listed;
}

function isSpot({ symbol }: KeptMarket): boolean {
  return !symbol.includes(':');
}
