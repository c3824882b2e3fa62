import { beforeAll, describe, expect, it } from 'vitest';
import type { Candle } from '../../src/candles/candle.js';
import { candlesPath, MINUTE, readAllPages, type SeriesBody } from '../support/service-data.js';
import { ServiceProcess } from '../support/service-process.js';

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const BTC = { symbol: 'BTCUSDT', interval: '1m' };
const OURS = { exchange: 'simulator', symbol: 'BTC/USDT', interval: '1m' };

type Row = [number, string, string, string, string, string, number, string, number, string, string, string];
type Query = Record<string, string | number>;

let service: ServiceProcess;
/** First candle of the history. */
let start: number;

beforeAll(async () => {
  start = Math.floor(Date.now() / DAY) * DAY - 2 * DAY;
  service = await ServiceProcess.start({
    environment: {
      // The simulator does not trade the last one: it is kept, and stays empty.
      CRYPTOFLOW_MARKETS: 'simulator:BTC/USDT@1m simulator:ETH/USDT@1h simulator:NONE/USDT@1m',
      CRYPTOFLOW_BACKFILL: new Date(start).toISOString(),
    },
  });
  await service.poll('/api/v1/series', ({ body }) => {
    const whole = (body.series as SeriesBody[]).filter(({ first, last, count, interval }) => {
      return first === start && count === (last! - first) / (interval === '1m' ? MINUTE : HOUR) + 1;
    });
    return whole.length === 2 && body.series.length === 3;
  });
});

const path = (name: string, query: Query = {}, base = '/binance/api/v3') => {
  const text = Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]);
  return `${base}/${name}?${new URLSearchParams(text).toString()}`;
};
const ask = (name: string, query: Query = {}, base?: string) => service.get(path(name, query, base));
const rows = async (query: Query): Promise<Row[]> => {
  const { status, body, text } = await ask('klines', query);
  expect(status, text.slice(0, 300)).toBe(200);
  return body as Row[];
};
const times = async (query: Query) => (await rows({ ...BTC, ...query })).map(([openTime]) => openTime);
const minutes = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i * MINUTE);
const toCandle = ([openTime, open, high, low, close, volume]: Row): Candle => {
  return { openTime, open, high, low, close, volume };
};
const ours = async (query: Query) =>
  (await readAllPages(service, { ...OURS, limit: 10_000, ...query })).candles;

describe('klines', () => {
  it('have the figures of /api/v1/candles, to the last digit, and zeros for what is not kept', async () => {
    for (const interval of ['1m', '3m', '15m', '1h', '4h', '12h']) {
      const window = { interval, from: start, to: start + DAY };
      const klines = await rows({
        ...BTC,
        interval,
        startTime: start,
        endTime: start + DAY - 1,
        limit: 1000,
      });
      const same = (await ours(window)).slice(0, 1000);
      expect(klines.map(toCandle)).toEqual(same);
      const next = same[1]!.openTime - same[0]!.openTime;
      for (const row of klines) expect(row.slice(6)).toEqual([row[0] + next - 1, '0', 0, '0', '0', '0']);
    }
  });

  it('are 500 of the newest, the open one included, where nothing else is asked for', async () => {
    await service.until('the open candle', async () => {
      const found = await times({});
      expect(found).toEqual(minutes(found[0]!, 500));
      return Date.now() - found.at(-1)! < MINUTE;
    });
  });

  it('are the oldest from a start, the newest up to an end, and those between both', async () => {
    const at = start + 10 * HOUR;
    expect(await times({ startTime: at, limit: 3 })).toEqual(minutes(at, 3));
    expect(await times({ startTime: at - MINUTE + 1, limit: 3 })).toEqual(minutes(at, 3));
    expect(await times({ endTime: at, limit: 3 })).toEqual(minutes(at - 2 * MINUTE, 3));
    expect(await times({ endTime: at - 1, limit: 3 })).toEqual(minutes(at - 3 * MINUTE, 3));
    expect(await times({ startTime: at, endTime: at })).toEqual([at]);
    expect(await times({ startTime: at, endTime: at + 5 * MINUTE })).toEqual(minutes(at, 6));
    expect(await times({ startTime: at, endTime: at + DAY, limit: 4 })).toEqual(minutes(at, 4));
    expect(await times({ startTime: 0, limit: 2 })).toEqual(minutes(start, 2));
    expect(await times({ startTime: start, limit: 5000 })).toEqual(minutes(start, 1000));
  });

  it('are none outside of the history, or where the end lies before the start', async () => {
    expect(await times({ endTime: start - 1 })).toEqual([]);
    expect(await times({ startTime: Date.now() + HOUR })).toEqual([]);
    expect(await times({ startTime: start + HOUR, endTime: start })).toEqual([]);
    expect(await times({ startTime: '99999999999999999999' })).toEqual([]);
    expect(await rows({ symbol: 'NONEUSDT', interval: '1h' })).toEqual([]);
  });

  it('of a zone begin at its midnight', async () => {
    for (const [timeZone, ahead] of [
      ['8', 8 * HOUR],
      ['-3:30', -3.5 * HOUR],
      ['05:45', 5.75 * HOUR],
    ] as const) {
      const first = start - ahead + (ahead > 0 ? DAY : 0);
      for (const name of ['klines', 'uiKlines']) {
        const { body } = await ask(name, { ...BTC, interval: '1d', timeZone, startTime: first, limit: 1 });
        const [row] = body as Row[];
        const parts = await ours({ from: first, to: first + DAY });
        expect([row![0], row![6]]).toEqual([first, first + DAY - 1]);
        expect([row![1], row![4]]).toEqual([parts[0]!.open, parts.at(-1)!.close]);
      }
    }
    // What is collected by the hour cannot be cut at the quarter.
    const eth = { symbol: 'ETHUSDT', interval: '1d', startTime: start, limit: 1 };
    expect((await ask('klines', { ...eth, timeZone: '05:45' })).body.code).toBe(-1130);
    expect((await rows({ ...eth, timeZone: '-1' })).map(([openTime]) => openTime)).toEqual([start + HOUR]);
  });
});

describe('tickers', () => {
  it('of 24 hours are what the candles since then make', async () => {
    const { body: ticker } = await ask('ticker/24hr', { symbol: 'BTCUSDT' });
    const all = await ours({ from: ticker.openTime });
    // The newest closed candle may have changed since, from what it was while it formed.
    const closed = all.filter(({ openTime }) => openTime + 2 * MINUTE <= ticker.closeTime);
    expect(ticker.closeTime - ticker.openTime).toBeGreaterThanOrEqual(DAY);
    expect(ticker.closeTime - ticker.openTime).toBeLessThan(DAY + MINUTE);
    expect(ticker).toMatchObject({
      symbol: 'BTCUSDT',
      openPrice: closed[0]!.open,
      bidPrice: ticker.lastPrice,
      askPrice: ticker.lastPrice,
      lastQty: '0',
      firstId: -1,
      lastId: -1,
      count: 0,
    });
    for (const { high, low } of closed) {
      expect(Number(ticker.highPrice)).toBeGreaterThanOrEqual(Number(high));
      expect(Number(ticker.lowPrice)).toBeLessThanOrEqual(Number(low));
    }
    const volume = closed.reduce((sum, candle) => sum + Number(candle.volume), 0);
    expect(Number(ticker.volume)).toBeGreaterThanOrEqual(volume - 1e-6);
    expect(Number(ticker.quoteVolume) / Number(ticker.volume)).toBeCloseTo(
      Number(ticker.weightedAvgPrice),
      5,
    );
    const [before] = await ours({ from: ticker.openTime - MINUTE, to: ticker.openTime });
    expect(ticker.prevClosePrice).toBe(before!.close);
  });

  it('are one for a symbol, and a list for several, in their order, or for all', async () => {
    for (const name of ['24hr', 'price', 'bookTicker']) {
      expect((await ask(`ticker/${name}`, { symbol: 'ETHUSDT' })).body.symbol).toBe('ETHUSDT');
      const several = await ask(`ticker/${name}`, { symbols: '["ETHUSDT","BTCUSDT"]' });
      expect(several.body.map(({ symbol }: { symbol: string }) => symbol)).toEqual(['ETHUSDT', 'BTCUSDT']);
      expect((await ask(`ticker/${name}`)).body).toHaveLength(3);
    }
    const mini = await ask('ticker/24hr', { symbol: 'BTCUSDT', type: 'MINI' });
    expect(Object.keys(mini.body)).toHaveLength(12);
  });

  it('of the price tell the newest one, and the average of five minutes', async () => {
    await service.until('the price of the open candle', async () => {
      const [{ body }, [newest]] = await Promise.all([
        ask('ticker/price', { symbol: 'BTCUSDT' }),
        rows({ ...BTC, limit: 1 }),
      ]);
      return body.price === newest![4];
    });
    const { body } = await ask('avgPrice', { symbol: 'BTCUSDT' });
    expect(body).toEqual({ mins: 5, price: expect.any(String), closeTime: expect.any(Number) });
    const recent = (await rows({ ...BTC, limit: 8 })).flatMap((row) => [Number(row[2]), Number(row[3])]);
    expect(Number(body.price)).toBeLessThanOrEqual(Math.max(...recent));
    expect(Number(body.price)).toBeGreaterThanOrEqual(Math.min(...recent));
  });
});

describe('the exchange', () => {
  it('lists its symbols with their steps', async () => {
    const { body } = await ask('exchangeInfo');
    expect(body.symbols.map(({ symbol }: { symbol: string }) => symbol)).toEqual([
      'BTCUSDT',
      'ETHUSDT',
      'NONEUSDT',
    ]);
    const [btc] = (await ask('exchangeInfo', { symbol: 'BTCUSDT' })).body.symbols;
    expect(btc).toMatchObject({ symbol: 'BTCUSDT', status: 'TRADING', baseAsset: 'BTC', quoteAsset: 'USDT' });
    expect(btc.filters).toMatchObject([
      { filterType: 'PRICE_FILTER', tickSize: '0.01' },
      { filterType: 'LOT_SIZE', stepSize: '0.00001' },
      { filterType: 'NOTIONAL' },
    ]);
    const some = await ask('exchangeInfo', { symbols: '["ETHUSDT"]', showPermissionSets: 'false' });
    expect(some.body.symbols).toHaveLength(1);
    expect(some.body.symbols[0]).not.toHaveProperty('permissionSets');
    expect((await ask('exchangeInfo', { symbolStatus: 'HALT' })).body.symbols).toEqual([]);
  });

  it('is the kept one where the path names none, and answers under its name too', async () => {
    const named = '/binance/simulator/api/v3';
    expect((await ask('ping', {}, named)).text).toBe('{}');
    expect(Math.abs((await ask('time', {}, named)).body.serverTime - Date.now())).toBeLessThan(MINUTE);
    const query = { ...BTC, startTime: start, limit: 50 };
    expect((await ask('klines', query, named)).text).toBe((await ask('klines', query)).text);
  });

  it('tells the weight that was used, with refusals too', async () => {
    const used = async (name: string, query?: Query) => {
      const { headers } = await ask(name, query);
      expect(headers.get('x-mbx-used-weight')).toBe(headers.get('x-mbx-used-weight-1m'));
      return Number(headers.get('x-mbx-used-weight-1m'));
    };
    await service.until('a minute in which nothing else begins', async () => {
      const before = await used('ping');
      const after = [await used('klines', BTC), await used('klines'), await used('exchangeInfo')];
      return [2, 4, 24].every((weight, index) => after[index] === before + weight);
    });
  });
});

describe('a refusal', () => {
  it.each<[string, Query, number]>([
    ['klines', { ...BTC, symbol: 'btcusdt' }, -1100],
    ['klines', { ...BTC, limit: 'x' }, -1100],
    ['klines', { interval: '1m' }, -1102],
    ['klines', { ...BTC, colour: 'red' }, -1103],
    ['ping', { colour: 'red' }, -1103],
    ['klines', { ...BTC, symbol: '' }, -1105],
    ['klines', { ...BTC, interval: '1s' }, -1120],
    ['klines', { symbol: 'ETHUSDT', interval: '1m' }, -1120],
    ['klines', { ...BTC, symbol: 'XRPUSDT' }, -1121],
    ['ticker/24hr', { symbol: 'XRPUSDT' }, -1121],
    ['ticker/price', { symbols: '["BTCUSDT","XRPUSDT"]' }, -1121],
    ['exchangeInfo', { symbol: 'XRPUSDT' }, -1121],
    ['avgPrice', { symbol: 'XRPUSDT' }, -1121],
    ['exchangeInfo', { symbol: 'BTCUSDT', symbols: '["BTCUSDT"]' }, -1128],
    ['klines', { ...BTC, limit: 0 }, -1130],
    ['klines', { ...BTC, timeZone: '15' }, -1130],
  ])('of %s with %o has the code of Binance', async (name, query, code) => {
    const { status, headers, body } = await ask(name, query);
    expect([status, body]).toEqual([400, { code, msg: expect.any(String) }]);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
  });

  it('comes for a repeated parameter, and for an exchange that is not kept', async () => {
    const twice = await service.get(`${path('klines', BTC)}&limit=1&limit=2`);
    expect([twice.status, twice.body.code]).toEqual([400, -1101]);
    for (const name of ['ping', 'time', 'exchangeInfo', 'ticker/price']) {
      const { status, body } = await ask(name, {}, '/binance/kraken/api/v3');
      expect([status, body]).toEqual([400, { code: -1121, msg: 'Invalid symbol.' }]);
    }
  });

  it('says in the form of Binance what it does not have, and leaves the paths of others alone', async () => {
    for (const elsewhere of ['account', 'depth?symbol=BTCUSDT', 'trades?symbol=BTCUSDT']) {
      const { status, body } = await ask(elsewhere);
      expect([elsewhere, status, body]).toEqual([elsewhere, 404, { code: -1000, msg: 'Path not found.' }]);
    }
    const long = await ask(`klines?symbol=${'X'.repeat(9000)}`);
    expect([long.status, typeof long.body.code]).toEqual([414, 'number']);
    const wrong = await service.get(candlesPath({ ...OURS, interval: '1s' }));
    expect(wrong.body.code).toBe('INVALID_PARAMETER');
  });

  it('sends those without a key away, and lets others come again while there is no database', async () => {
    const closed = await ServiceProcess.start({
      environment: { CRYPTOFLOW_ROLE: 'api', CRYPTOFLOW_API_KEYS: 'a-key-that-is-long-enough-for-anybody' },
    });
    const without = await closed.get(path('exchangeInfo'));
    expect([without.status, without.body.code]).toEqual([401, -2015]);
    const early = await closed.get(path('exchangeInfo'), {
      'x-api-key': 'a-key-that-is-long-enough-for-anybody',
    });
    expect([early.status, early.body.code]).toEqual([429, -1003]);
    expect(Number(early.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  });
});
