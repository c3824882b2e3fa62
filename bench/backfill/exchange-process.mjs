// A fast exchange on 127.0.0.1: Binance's `exchangeInfo` and `klines` for 1m and 1h, its candles made as text.
import { createServer } from 'node:http';
import { atStop, serveTasks } from '../support/tasks.mjs';
import { STEPS } from './plan.mjs';

/** Price walks over so many candles, and begins again: every figure is text that was made once. */
const FIGURES = Array.from({ length: 4096 }, (_, index) => {
  const open = 20_000 + 3000 * Math.sin((index * Math.PI) / 2048);
  const close = 20_000 + 3000 * Math.sin(((index + 1) * Math.PI) / 2048);
  const [high, low] = [Math.max(open, close) + 4.25, Math.min(open, close) - 3.75];
  return [...[open, high, low, close].map((price) => price.toFixed(2)), ((index % 977) + 0.125).toFixed(5)]
    .map((figure) => `"${figure}000"`)
    .join(',');
});

let requests = 0;
let candles = 0;

/** @param {URLSearchParams} query @param {number} since */
function klines(query, since) {
  const step = STEPS[/** @type {'1m' | '1h'} */ (query.get('interval') ?? '1m')];
  const limit = Math.min(1000, Number(query.get('limit') ?? 500));
  const start = Math.max(since, Number(query.get('startTime') ?? since));
  const end = Math.min(Date.now(), Number(query.get('endTime') ?? Infinity));
  const rows = [];
  for (let time = Math.ceil(start / step) * step; time <= end && rows.length < limit; time += step) {
    const figures = FIGURES[(time / step) % FIGURES.length];
    rows.push(`[${time},${figures},${time + step - 1},"1.00000000",42,"0.50000000","0.50000000","0"]`);
  }
  candles += rows.length;
  return `[${rows.join(',')}]`;
}

/** @param {string[]} symbols */
function exchangeInfo(symbols) {
  const filters = [
    { filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: '1000000.00', tickSize: '0.01' },
    { filterType: 'LOT_SIZE', minQty: '0.00001', maxQty: '9000.00', stepSize: '0.00001' },
  ];
  const markets = symbols.map((symbol) => {
    const [baseAsset, quoteAsset] = symbol.split('/');
    const precisions = { baseAssetPrecision: 8, quotePrecision: 8, quoteAssetPrecision: 8 };
    const permissions = { permissions: [], permissionSets: [['SPOT']], isSpotTradingAllowed: true };
    const market = { symbol: symbol.replace('/', ''), status: 'TRADING', baseAsset, quoteAsset, filters };
    return { ...market, ...precisions, ...permissions, orderTypes: ['LIMIT'] };
  });
  return JSON.stringify({ timezone: 'UTC', serverTime: Date.now(), rateLimits: [], symbols: markets });
}

serveTasks({
  /** @param {{ symbols: string[], since: number }} options */
  async open({ symbols, since }) {
    const info = exchangeInfo(symbols);
    const server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
      requests += 1;
      const body = pathname.endsWith('/klines') ? klines(searchParams, since) : info;
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    });
    await new Promise((resolve) => void server.listen(0, '127.0.0.1', () => resolve(undefined)));
    atStop(() => server.closeAllConnections());
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    return `http://127.0.0.1:${port}/api/v3`;
  },
  /** Since it was asked last. */
  counts() {
    const found = { requests, candles };
    requests = candles = 0;
    return found;
  },
});
