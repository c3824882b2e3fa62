import type { KeptMarket } from '../../candles/market-reader.js';

/** What the markets are called here: the exchange in capitals, then ccxt's symbol, `BINANCE:BTC/USDT`. */
export function tickerOf({ exchange, symbol }: Pick<KeptMarket, 'exchange' | 'symbol'>): string {
  return `${exchangeName(exchange)}:${symbol}`;
}

/** As it stands before a symbol. */
export function exchangeName(exchange: string): string {
  return exchange.toUpperCase();
}

/** `BTC/USDT` as many write it: `BTCUSDT`. In capitals. */
export function squeeze(symbol: string): string {
  return symbol.toUpperCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** Finds markets by what people, charts and saved layouts call them. */
export class SymbolIndex {
  private readonly tickers: ReadonlyMap<string, KeptMarket>;

  constructor(readonly markets: readonly KeptMarket[]) {
    this.tickers = new Map(markets.map((market) => [tickerOf(market).toUpperCase(), market]));
  }

  /**
   * By ticker; else by symbol, the first that has it; else by the symbol without its slash, where `BTCUSDT` is first the
   * market that is settled in nothing, then one that is. Capitals do not matter.
   */
  find(name: string): KeptMarket | undefined {
    const wanted = name.trim().toUpperCase();
    return this.tickers.get(wanted) ?? this.search(wanted);
  }

  private search(wanted: string): KeptMarket | undefined {
    const colon = wanted.indexOf(':');
    const exchange = colon < 0 ? '' : wanted.slice(0, colon);
    const ofExchange = this.markets.filter((market) => exchangeName(market.exchange) === exchange);
    // A colon may as well stand before what a derivative is settled in.
    const [markets, symbol] =
      ofExchange.length > 0 ? [ofExchange, wanted.slice(colon + 1)] : [this.markets, wanted];
    const squeezed = squeeze(symbol);
    if (squeezed === '') return undefined;
    return (
      markets.find((market) => market.symbol.toUpperCase() === symbol) ??
      markets.find((market) => squeeze(market.symbol) === squeezed) ??
      markets.find(({ base, quote }) => squeeze(base + quote) === squeezed)
    );
  }
}
