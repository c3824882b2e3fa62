import { Spot, SpotRestAPI } from '@binance/spot';
import binanceApiNode from 'binance-api-node';
import ccxt, { type Exchange } from 'ccxt';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Candle } from '../../src/candles/candle.js';
import { compareDecimals } from '../../src/common/decimal.js';
import {
  expectSameCandles,
  MINUTE,
  queryFile,
  readAllPages,
  type SeriesBody,
} from '../support/service-data.js';
import { ServiceProcess } from '../support/service-process.js';

/** Its types are those of CommonJS, where the default is a property; Vitest has taken it out already. */
const nodeClient = binanceApiNode as unknown as typeof binanceApiNode.default;

const HOURS = 40;
const COUNT = HOURS * 60;
const BTC = { exchange: 'simulator', symbol: 'BTC/USDT', interval: '1m' };

let service: ServiceProcess;
/** First candle of the history. */
let start: number;
/** Its first so many candles, as `/api/v1/candles` has them. */
let candles: Candle[];

beforeAll(async () => {
  start = Math.floor(Date.now() / MINUTE) * MINUTE - COUNT * MINUTE;
  service = await ServiceProcess.start({
    environment: {
      CRYPTOFLOW_MARKETS: 'simulator:BTC/USDT@1m simulator:DOGE/USDT@1m',
      CRYPTOFLOW_BACKFILL: new Date(start).toISOString(),
    },
  });
  await service.poll('/api/v1/series', ({ body }) =>
    (body.series as SeriesBody[]).every(
      ({ first, last, count }) => first === start && count >= COUNT && count === (last! - first) / MINUTE + 1,
    ),
  );
  const window = { ...BTC, from: start, to: start + COUNT * MINUTE, limit: 10_000 };
  candles = (await readAllPages(service, window)).candles;
});

const toCandle = ([openTime, open, high, low, close, volume]: readonly unknown[]): Candle => {
  return { openTime, open, high, low, close, volume } as Candle;
};

/** Follows pages of the most candles that an answer has, to the end of the window. */
async function pages(next: (startTime: number) => Promise<Candle[]>): Promise<Candle[]> {
  const all: Candle[] = [];
  const end = start + COUNT * MINUTE;
  // What comes after the window may be nothing for a moment: the minute that has just ended.
  for (let from = start; from <= end - MINUTE;) {
    const page = await next(from);
    expect(page.length).toBeGreaterThan(0);
    all.push(...page);
    from = page.at(-1)!.openTime + 1;
  }
  return all.filter(({ openTime }) => openTime < end);
}

describe('ccxt', () => {
  function client(path = '/binance/api/v3'): Exchange {
    const exchange = new ccxt.binance({
      urls: { api: { public: service.url + path } },
      options: { fetchMarkets: { types: ['spot'] }, fetchCurrencies: false },
    });
    // Figures stay the text that was sent.
    exchange.number = String as unknown as NumberConstructor;
    return exchange;
  }

  it('loads the markets with their steps', async () => {
    const exchange = client();
    await exchange.loadMarkets();
    expect(Object.keys(exchange.markets!)).toEqual(['BTC/USDT', 'DOGE/USDT']);
    expect(exchange.market('BTC/USDT')).toMatchObject({
      id: 'BTCUSDT',
      type: 'spot',
      spot: true,
      margin: false,
      active: true,
      precision: { price: '0.01', amount: '0.00001' },
    });
    expect(exchange.market('DOGE/USDT').precision).toMatchObject({ price: '0.00001', amount: '1' });
    expect(exchange.priceToPrecision('BTC/USDT', '16299.6999')).toBe('16299.7');
  });

  it('fetches candles to the last digit', async () => {
    for (const path of ['/binance/api/v3', '/binance/simulator/api/v3']) {
      const exchange = client(path);
      const fetched = await pages(async (since) =>
        (await exchange.fetchOHLCV('BTC/USDT', '1m', since, 1000)).map(toCandle),
      );
      expect(fetched).toHaveLength(COUNT);
      expectSameCandles(fetched, candles);
    }
  });

  it('fetches tickers', async () => {
    const exchange = client();
    const one = await exchange.fetchTicker('BTC/USDT');
    expect(one).toMatchObject({ symbol: 'BTC/USDT', last: expect.any(String), bid: one.last, ask: one.last });
    expect(compareDecimals(String(one.high), String(one.low))).toBeGreaterThan(0);
    expect(Object.keys(await exchange.fetchTickers())).toEqual(['BTC/USDT', 'DOGE/USDT']);
    expect(Object.keys(await exchange.fetchTickers(['DOGE/USDT']))).toEqual(['DOGE/USDT']);
    expect(Object.keys(await exchange.fetchLastPrices())).toEqual(['BTC/USDT', 'DOGE/USDT']);
    expect(Object.keys(await exchange.fetchBidsAsks())).toEqual(['BTC/USDT', 'DOGE/USDT']);
    expect(Math.abs((await exchange.fetchTime())! - Date.now())).toBeLessThan(MINUTE);
  });

  it('understands refusals', async () => {
    const exchange = client();
    await exchange.loadMarkets();
    const ask = (query: Record<string, string>) =>
      (exchange as unknown as { publicGetKlines(query: object): Promise<unknown> }).publicGetKlines(query);
    await expect(ask({ symbol: 'XRPUSDT', interval: '1m' })).rejects.toThrow(ccxt.BadSymbol);
    await expect(ask({ symbol: 'BTCUSDT', interval: '1s' })).rejects.toThrow(ccxt.BadRequest);
    await expect(ask({ symbol: 'BTCUSDT' })).rejects.toThrow(ccxt.BadRequest);
    await expect(client('/binance/kraken/api/v3').loadMarkets()).rejects.toThrow(ccxt.BadSymbol);
  });
});

describe('@binance/spot', () => {
  const client = (base = '/binance') =>
    new Spot({
      configurationRestAPI: { apiKey: '', basePath: service.url + base, timeout: 30_000 },
    }).restAPI;

  it('reads candles to the last digit', async () => {
    for (const base of ['/binance', '/binance/simulator']) {
      const api = client(base);
      const read = await pages(async (startTime) => {
        const interval = SpotRestAPI.KlinesIntervalEnum.INTERVAL_1m;
        const answer = await api.klines({ symbol: 'BTCUSDT', interval, startTime, limit: 1000 });
        return (await answer.data()).map(toCandle);
      });
      expect(read).toHaveLength(COUNT);
      expectSameCandles(read, candles);
    }
  });

  it('reads the exchange, the time and the tickers', async () => {
    const api = client();
    expect(await (await api.ping()).data()).toEqual({});
    expect(Number((await (await api.time()).data()).serverTime)).toBeGreaterThan(start);
    const info = await (await api.exchangeInfo({ symbols: ['BTCUSDT', 'DOGEUSDT'] })).data();
    expect(info.symbols!.map(({ symbol }) => symbol)).toEqual(['BTCUSDT', 'DOGEUSDT']);
    const ticker = await (await api.ticker24hr({ symbol: 'BTCUSDT' })).data();
    expect(ticker).toMatchObject({ symbol: 'BTCUSDT', lastPrice: expect.any(String) });
    expect(await (await api.tickerPrice({ symbol: 'BTCUSDT' })).data()).toMatchObject({ symbol: 'BTCUSDT' });
    expect(await (await api.avgPrice({ symbol: 'BTCUSDT' })).data()).toMatchObject({ mins: 5 });
  });

  it('understands refusals', async () => {
    await expect(client().avgPrice({ symbol: 'XRPUSDT' })).rejects.toThrow('Invalid symbol.');
  });
});

describe('binance-api-node', () => {
  const client = () => nodeClient({ httpBase: `${service.url}/binance` });

  it('reads candles to the last digit', async () => {
    const api = client();
    const read = await pages(async (startTime) => {
      const page = await api.candles({
        symbol: 'BTCUSDT',
        interval: '1m',
        startTime,
        limit: 1000,
      });
      return page.map(({ openTime, open, high, low, close, volume }) => ({
        openTime,
        open,
        high,
        low,
        close,
        volume,
      }));
    });
    expect(read).toHaveLength(COUNT);
    expectSameCandles(read, candles);
  });

  it('reads the exchange, the time and the tickers', async () => {
    const api = client();
    expect(await api.ping()).toBe(true);
    expect(await api.time()).toBeGreaterThan(start);
    expect((await api.exchangeInfo()).symbols.map(({ symbol }: { symbol: string }) => symbol)).toEqual([
      'BTCUSDT',
      'DOGEUSDT',
    ]);
    expect(await api.dailyStats({ symbol: 'BTCUSDT' })).toMatchObject({ symbol: 'BTCUSDT' });
    expect(Object.keys(await api.prices())).toEqual(['BTCUSDT', 'DOGEUSDT']);
    expect(Object.keys(await api.allBookTickers())).toEqual(['BTCUSDT', 'DOGEUSDT']);
    expect(await api.avgPrice({ symbol: 'BTCUSDT' })).toMatchObject({ mins: 5 });
  });

  it('understands refusals', async () => {
    await expect(client().dailyStats({ symbol: 'XRPUSDT' })).rejects.toMatchObject({
      code: -1121,
      message: 'Invalid symbol.',
    });
  });
});

describe('a second CryptoFlow', () => {
  it(
    'that collects from the first has the same candles, digit by digit, and goes on with it',
    { timeout: 150_000 },
    async () => {
      const second = await ServiceProcess.start({
        environment: {
          CRYPTOFLOW_MARKETS: 'binance:BTC/USDT@1m',
          CRYPTOFLOW_BACKFILL: new Date(start).toISOString(),
          CRYPTOFLOW_EXCHANGES: JSON.stringify({
            binance: {
              urls: { api: { public: `${service.url}/binance/simulator/api/v3` } },
              options: { fetchMarkets: { types: ['spot'] }, fetchCurrencies: false },
            },
          }),
        },
      });
      const all = async (process: ServiceProcess, exchange: string) =>
        (await readAllPages(process, { ...BTC, exchange, from: start, limit: 10_000 })).candles;
      const newest = candles.at(-1)!.openTime;
      await second.until('all candles, and a newer one', async () => {
        const { body } = await second.get('/api/v1/series');
        return (body.series as SeriesBody[]).some(
          ({ first, last, count }) =>
            first === start && last! > newest && count === (last! - start) / MINUTE + 1,
        );
      });
      const copied = await all(second, 'binance');
      const own = await all(service, 'simulator');
      expectSameCandles(copied, own.slice(0, copied.length));
      expect(await queryFile(second.database, 'SELECT * FROM candle_revision')).toEqual([]);
      expect(await queryFile(second.database, 'SELECT * FROM quarantine')).toEqual([]);
      expect(second.complaints).toEqual([]);
      expect(service.complaints).toEqual([]);
    },
  );
});
