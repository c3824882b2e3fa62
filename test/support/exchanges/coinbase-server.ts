import {
  Refused,
  serveExchange,
  numberIn,
  type ExchangeData,
  type RunningExchange,
} from './exchange-server.js';

const PRODUCT = 'BTC-USD';
/** Buckets that one request may ask for. */
const MAX_CANDLES = 350;
const GRANULARITIES: Readonly<Record<string, readonly [name: string, seconds: number]>> = {
  '1m': ['ONE_MINUTE', 60],
  '5m': ['FIVE_MINUTE', 300],
  '1h': ['ONE_HOUR', 3600],
  '1d': ['ONE_DAY', 86_400],
};

/**
 * Coinbase's Advanced Trade API with one market, BTC/USD.
 * https://docs.cdp.coinbase.com/api-reference/advanced-trade-api/rest-api/public/get-public-product-candles
 *
 * Descending, objects, seconds as text; `start` and `end` are both included; a window of more than 350 buckets is refused;
 * buckets without a trade are left out; the candle that is open comes first.
 */
export async function serveCoinbase(data: ExchangeData): Promise<RunningExchange & { options: object }> {
  const server = await serveExchange((path, query) => {
    switch (path) {
      case '/v2/currencies':
        return { data: [{ id: 'USD', name: 'US Dollar', min_size: '0.01' }] };
      case '/v2/currencies/crypto':
        return {
          data: [{ asset_id: '5b71fc48', code: 'BTC', name: 'Bitcoin', exponent: '8', type: 'crypto' }],
        };
      case '/v2/exchange-rates':
        return { data: { currency: 'USD', rates: { BTC: '0.00001' } } };
      case '/api/v3/brokerage/market/products':
        return { products: query.get('product_type') === 'FUTURE' ? [] : [product()], num_products: 1 };
      case `/api/v3/brokerage/market/products/${PRODUCT}/candles`:
        return data.documented ?? { candles: candlesIn(data, query) };
      default:
        return undefined;
    }
  }, data.now);
  return { ...server, options: { urls: { api: { rest: server.url } } } };
}

function candlesIn({ candles, interval }: ExchangeData, query: URLSearchParams): unknown[] {
  const [name, seconds] = GRANULARITIES[interval]!;
  const [start, end] = [numberIn(query, 'start') ?? NaN, numberIn(query, 'end') ?? NaN];
  if (query.get('granularity') !== name || !((end - start) / seconds <= MAX_CANDLES)) {
    throw new Refused(400, {
      error: 'INVALID_ARGUMENT',
      error_details:
        'start and end argument is invalid - number of candles requested should be less than 350',
      message: 'start and end argument is invalid',
    });
  }
  return candles
    .filter(({ openTime }) => openTime >= start * 1000 && openTime <= end * 1000)
    .toReversed()
    .map(({ openTime, open, high, low, close, volume }) => ({
      start: String(openTime / 1000),
      low,
      high,
      open,
      close,
      volume,
    }));
}

function product() {
  return {
    product_id: PRODUCT,
    price: '67060',
    base_increment: '0.00000001',
    quote_increment: '0.01',
    quote_min_size: '1',
    quote_max_size: '150000000',
    base_min_size: '0.00000001',
    base_max_size: '3400',
    base_name: 'Bitcoin',
    quote_name: 'US Dollar',
    is_disabled: false,
    status: 'online',
    trading_disabled: false,
    product_type: 'SPOT',
    quote_currency_id: 'USD',
    base_currency_id: 'BTC',
    alias: '',
    alias_to: [],
    price_increment: '0.01',
  };
}
