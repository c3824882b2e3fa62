import { serveExchange, numberIn, type ExchangeData, type RunningExchange } from './exchange-server.js';

const SYMBOL = 'BTC-USDT';
const MAX_CANDLES = 1500;
const TYPES: Readonly<Record<string, string>> = {
  '1m': '1min',
  '15m': '15min',
  '1h': '1hour',
  '1d': '1day',
  '1w': '1week',
};

/**
 * KuCoin's public REST API with one market, BTC/USDT.
 * https://www.kucoin.com/docs-new/rest/spot-trading/market-data/get-klines
 *
 * Descending, seconds as text; the close comes before the high and the low; `startAt` is included and `endAt` is not; of
 * more than 1500 the newest are sent; candles without a trade are left out; weeks begin on a Thursday
 * (https://github.com/Kucoin/kucoin-api-docs/issues/350).
 */
export async function serveKucoin(data: ExchangeData): Promise<RunningExchange & { options: object }> {
  const server = await serveExchange((path, query) => {
    switch (path) {
      case '/api/v3/currencies':
        return { code: '200000', data: [currency('BTC'), currency('USDT')] };
      case '/api/v1/symbols':
      case '/api/v2/symbols':
        return { code: '200000', data: [market()] };
      case '/api/v1/market/allTickers':
        return { code: '200000', data: { time: data.now(), ticker: [ticker()] } };
      case '/api/v1/market/candles':
        return data.documented ?? klines(data, query);
      default:
        return undefined;
    }
  }, data.now);
  return {
    ...server,
    options: { urls: { api: { public: server.url } }, options: { fetchMarkets: { types: ['spot'] } } },
  };
}

function klines({ candles, interval }: ExchangeData, query: URLSearchParams): unknown {
  if (query.get('symbol') !== SYMBOL) return { code: '400100', msg: 'This pair is not provided at present' };
  if (query.get('type') !== TYPES[interval]) return { code: '400100', msg: 'Incorrect candlestick type' };
  const [start, end] = [numberIn(query, 'startAt') ?? 0, numberIn(query, 'endAt') ?? Infinity];
  return {
    code: '200000',
    data: candles
      .filter(({ openTime }) => openTime >= start * 1000 && openTime < end * 1000)
      .toReversed()
      .slice(0, MAX_CANDLES)
      .map(({ openTime, open, high, low, close, volume }) => [
        String(openTime / 1000),
        open,
        close,
        high,
        low,
        volume,
        '0',
      ]),
  };
}

function currency(name: string) {
  return {
    currency: name,
    name,
    fullName: name,
    precision: 8,
    isMarginEnabled: true,
    isDebitEnabled: true,
    chains: [],
  };
}

function ticker() {
  const fees = { takerFeeRate: '0.001', makerFeeRate: '0.001', takerCoefficient: '1', makerCoefficient: '1' };
  return { symbol: SYMBOL, symbolName: SYMBOL, ...fees };
}

function market() {
  return {
    symbol: SYMBOL,
    name: SYMBOL,
    baseCurrency: 'BTC',
    quoteCurrency: 'USDT',
    feeCurrency: 'USDT',
    market: 'USDS',
    baseMinSize: '0.00001',
    quoteMinSize: '0.1',
    baseMaxSize: '10000000000',
    quoteMaxSize: '99999999',
    baseIncrement: '0.00000001',
    quoteIncrement: '0.000001',
    priceIncrement: '0.1',
    priceLimitRate: '0.1',
    isMarginEnabled: true,
    enableTrading: true,
  };
}
