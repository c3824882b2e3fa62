import { serveExchange, numberIn, type ExchangeData, type RunningExchange } from './exchange-server.js';

/** Kraken's limit: the latest 720 candles of each interval, whatever is asked for. */
export const KRAKEN_CANDLES = 720;
const PAIR = 'XXBTZUSD';
const INTERVAL_MINUTES: Readonly<Record<string, string>> = {
  '1m': '1',
  '5m': '5',
  '1h': '60',
  '1d': '1440',
  '1w': '10080',
};

/**
 * Kraken's public REST API with one market, BTC/USD.
 * https://docs.kraken.com/api-reference/market-data/get-ohlc-data
 *
 * Ascending, seconds; the candle that is open is always the last, whatever `since` says; nothing older than the latest 720
 * can be had; volume after the average price. Weeks begin on a Thursday, as they are counted from 1970.
 */
export async function serveKraken(data: ExchangeData): Promise<RunningExchange & { options: object }> {
  const server = await serveExchange((path, query) => {
    switch (path) {
      case '/0/public/Assets':
        return { error: [], result: { XXBT: asset('XBT', 10), ZUSD: asset('USD', 4) } };
      case '/0/public/AssetPairs':
        return { error: [], result: { [PAIR]: pair() } };
      case '/0/public/OHLC':
        return data.documented ?? ohlc(data, query);
      default:
        return undefined;
    }
  }, data.now);
  return { ...server, options: { urls: { api: { public: server.url } } } };
}

function ohlc({ candles, interval }: ExchangeData, query: URLSearchParams): unknown {
  if (query.get('pair') !== PAIR) return { error: ['EQuery:Unknown asset pair'] };
  if (query.get('interval') !== INTERVAL_MINUTES[interval]) return { error: ['EGeneral:Invalid arguments'] };
  const since = (numberIn(query, 'since') ?? 0) * 1000;
  const latest = candles.slice(-KRAKEN_CANDLES);
  const rows = latest.filter(({ openTime }, index) => openTime > since || index === latest.length - 1);
  return {
    error: [],
    result: {
      [PAIR]: rows.map(({ openTime, open, high, low, close, volume }) => [
        openTime / 1000,
        open,
        high,
        low,
        close,
        open,
        volume,
        7,
      ]),
      last: (candles.at(-2)?.openTime ?? 0) / 1000,
    },
  };
}

function asset(altname: string, decimals: number) {
  return { aclass: 'currency', altname, decimals, display_decimals: 5, status: 'enabled' };
}

function pair() {
  return {
    altname: 'XBTUSD',
    wsname: 'XBT/USD',
    aclass_base: 'currency',
    base: 'XXBT',
    aclass_quote: 'currency',
    quote: 'ZUSD',
    pair_decimals: 1,
    lot_decimals: 8,
    lot_multiplier: 1,
    leverage_buy: [],
    leverage_sell: [],
    fees: [[0, 0.26]],
    fees_maker: [[0, 0.16]],
    fee_volume_currency: 'ZUSD',
    ordermin: '0.0001',
    status: 'online',
  };
}
