import { beforeAll, describe, expect, it } from 'vitest';
import type { Candle } from '../../src/candles/candle.js';
import { candlesPath, MINUTE, readRow, type SeriesBody } from '../support/service-data.js';
import { ServiceProcess, type Answer } from '../support/service-process.js';

const HOUR = 60 * MINUTE;
const BTC = 'SIMULATOR:BTC/USDT';
const RESOLUTIONS = '1 3 5 15 30 60 120 240 360 480 720 1D 3D 1W 1M'.split(' ');
type Query = Record<string, string | number>;

let service: ServiceProcess;
/** First candle of the history, Unix ms. */
let start: number;

beforeAll(async () => {
  start = Math.floor(Date.now() / HOUR) * HOUR - 60 * HOUR;
  service = await ServiceProcess.start({
    environment: {
      // The simulator does not trade the last one: it is kept, and stays empty.
      CRYPTOFLOW_MARKETS: 'simulator:BTC/USDT@1m,1h simulator:DOGE/USDT@1m simulator:NONE/USDT@1m',
      CRYPTOFLOW_BACKFILL: new Date(start).toISOString(),
    },
  });
  await service.poll('/api/v1/series', ({ body }) => {
    const whole = (body.series as SeriesBody[]).filter(({ first, last, count, interval }) => {
      return first === start && count === (last! - first) / (interval === '1m' ? MINUTE : HOUR) + 1;
    });
    return whole.length === 3;
  });
});

const ask = (path: string, query: Query = {}): Promise<Answer> => {
  const text = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
  return service.get(`/udf/${path}?${new URLSearchParams(text).toString()}`);
};

async function good(path: string, query: Query = {}): Promise<Answer> {
  const answer = await ask(path, query);
  expect(answer.status, answer.text.slice(0, 300)).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  return answer;
}

/** Bars of BTC/USDT, `to` in seconds, their figures as the characters that were sent. */
async function bars(query: Query): Promise<Candle[]> {
  const { text } = await good('history', { symbol: BTC, resolution: 1, ...query });
  if (text.startsWith('{"s":"no_data"')) return [];
  const match =
    /^\{"s":"ok","t":\[(.*)\],"o":\[(.*)\],"h":\[(.*)\],"l":\[(.*)\],"c":\[(.*)\],"v":\[(.*)\]\}$/.exec(text);
  if (!match) throw new Error(`not an answer with bars: ${text.slice(0, 200)}`);
  const [t, open, high, low, close, volume] = match.slice(1).map((column) => column.split(','));
  return t!.map((seconds, at) => ({
    openTime: Number(seconds) * 1000,
    open: open![at]!,
    high: high![at]!,
    low: low![at]!,
    close: close![at]!,
    volume: volume![at]!,
  }));
}

/** The same of the REST API. */
async function candles(query: Query): Promise<Candle[]> {
  const whole = { exchange: 'simulator', symbol: 'BTC/USDT', format: 'csv', ...query };
  const { status, text } = await service.get(candlesPath(whole));
  expect(status, text.slice(0, 300)).toBe(200);
  // There may be more columns, after those.
  const rows = text.trimEnd().split('\n').slice(1);
  return rows.map((row) => readRow(row.split(',').slice(0, 6).join()));
}

const timesOf = (list: readonly Candle[]) => list.map(({ openTime }) => openTime);
const now = () => Math.floor(Date.now() / 1000);

/** Status and message of a refusal, in the adapter's words; all of the answer where it is something else. */
function refusalOf({ status, headers, body, text }: Answer): unknown[] {
  const isRefusal =
    headers.get('content-type')?.startsWith('application/json') &&
    Object.keys(body).join() === 's,errmsg' &&
    body.s === 'error' &&
    body.errmsg !== '';
  return isRefusal ? [status, body.errmsg] : [status, text];
}

describe('/udf/config', () => {
  it('tells what there is', async () => {
    const { body } = await good('config');
    expect(body).toMatchObject({
      supports_search: true,
      supports_group_request: false,
      supports_marks: true,
      supports_timescale_marks: true,
      supports_time: true,
      supported_resolutions: RESOLUTIONS,
    });
    expect(body.exchanges.map(({ value }: { value: string }) => value)).toEqual(['', 'SIMULATOR']);
    expect(body.symbols_types.map(({ value }: { value: string }) => value)).toEqual(['', 'crypto']);
  });
});

describe('/udf/time', () => {
  it('is a whole number of seconds', async () => {
    const { text } = await good('time');
    expect(text).toMatch(/^\d+$/);
    expect(Math.abs(Number(text) - Date.now() / 1000)).toBeLessThan(60);
  });
});

describe('/udf/symbols', () => {
  it.each([BTC, 'simulator:btc/usdt', 'BTC/USDT', 'BTCUSDT', 'SIMULATOR:BTCUSDT'])(
    'knows %s',
    async (symbol) => {
      // The adapter sends more than that where the library asks for it.
      const { body } = await good('symbols', { symbol, currencyCode: 'USD', unitId: '' });
      expect(body).toEqual({
        name: 'BTC/USDT',
        full_name: BTC,
        ticker: BTC,
        description: 'BTC / USDT, at simulator',
        type: 'crypto',
        session: '24x7',
        timezone: 'Etc/UTC',
        exchange: 'SIMULATOR',
        listed_exchange: 'SIMULATOR',
        minmov: 1,
        pricescale: 100,
        has_intraday: true,
        has_daily: true,
        has_weekly_and_monthly: true,
        intraday_multipliers: RESOLUTIONS.slice(0, 11),
        supported_resolutions: RESOLUTIONS,
        volume_precision: 5,
        format: 'price',
        data_status: 'streaming',
      });
    },
  );

  it('says so where it knows none', async () => {
    for (const symbol of ['NOPE', 'OTHER:BTC/USDT', '%', 'a'.repeat(200)]) {
      expect(refusalOf(await ask('symbols', { symbol }))).toEqual([404, 'unknown_symbol']);
    }
    expect(refusalOf(await ask('symbols'))[0]).toBe(400);
    expect(refusalOf(await ask('symbols', { symbol: '' }))[0]).toBe(400);
  });
});

describe('/udf/search and /udf/symbol_info', () => {
  it('find what is kept', async () => {
    const tickers = async (query: Query) =>
      ((await good('search', query)).body as Array<{ ticker: string }>).map(({ ticker }) => ticker);
    expect(await tickers({ query: 'DOG', type: '', exchange: '', limit: 30 })).toEqual([
      'SIMULATOR:DOGE/USDT',
    ]);
    expect(await tickers({ query: 'USDT', limit: 2 })).toHaveLength(2);
    expect(await tickers({ query: '', type: 'crypto', exchange: 'SIMULATOR' })).toHaveLength(3);
    expect(await tickers({ query: 'XRP' })).toEqual([]);
    expect(refusalOf(await ask('search', { limit: 'all' }))[0]).toBe(400);
  });

  it('tell the same of a symbol alone and in its group', async () => {
    const { body } = await good('symbol_info', { group: 'SIMULATOR' });
    expect(body.symbol).toEqual(['BTC/USDT', 'DOGE/USDT', 'NONE/USDT']);
    for (const [index, ticker] of body.ticker.entries()) {
      const info = (await good('symbols', { symbol: ticker })).body;
      expect(body.pricescale[index]).toBe(info.pricescale);
      expect(body['supported-resolutions'][index]).toEqual(info.supported_resolutions);
    }
    expect(refusalOf(await ask('symbol_info', { group: 'NYSE' }))).toEqual([404, 'unknown_symbol']);
  });
});

describe('/udf/history', () => {
  it('has the candles of a window, to the digit', async () => {
    const window = { from: start + HOUR, to: start + 2 * HOUR };
    const seconds = { from: window.from / 1000, to: window.to / 1000 };
    const found = await bars(seconds);
    expect(found).toHaveLength(60);
    expect(found).toEqual(await candles({ interval: '1m', ...window }));
    // From a candle on means with it, to one means without it, and between two there is none.
    expect(await bars({ from: seconds.from + 0.001, to: seconds.to + 0.001 })).toEqual(
      await candles({ interval: '1m', from: window.from + 1, to: window.to + 1 }),
    );
  });

  it.each([
    ['3', '3m'],
    ['60', '1h'],
    ['240', '4h'],
    ['1D', '1d'],
    ['D', '1d'],
    ['3D', '3d'],
    ['1W', '1w'],
    ['1M', '1M'],
    ['M', '1M'],
  ])('has them at %s', async (resolution, interval) => {
    const to = Math.floor(Date.now() / 1000) - 7200;
    const found = await bars({ resolution, from: 0, to });
    expect(found.length).toBeGreaterThan(0);
    const same = await candles({ interval, from: 0, to: to * 1000, closed: 'false', limit: 10_000 });
    expect(timesOf(found)).toEqual(timesOf(same));
    // The last may still be open, and change in between.
    expect(found.slice(0, -1)).toEqual(same.slice(0, -1));
  });

  it.each([1, 2, 329, 1000, 3000])(
    'has exactly the %i bars that are counted, whatever `from` says',
    async (countback) => {
      const to = start / 1000 + 55 * 3600;
      for (const from of [0, to - 60, to, to + 60, 1e12]) {
        const found = await bars({ from, to, countback });
        expect(found).toHaveLength(countback);
        expect(found.at(-1)!.openTime).toBe(to * 1000 - MINUTE);
        expect(found[0]!.openTime).toBe((to - countback * 60) * 1000);
      }
    },
  );

  it('has all that there is where more are counted', async () => {
    const to = start / 1000 + 3600;
    expect(await bars({ to, countback: 50_000 })).toHaveLength(60);
    expect(await bars({ to, countback: 999_999_999 })).toHaveLength(60);
  });

  it('has no data where from is to, and a count even there', async () => {
    const at = start / 1000 + 7200;
    const { body } = await good('history', { symbol: BTC, resolution: 1, from: at, to: at });
    expect(body).toEqual({ s: 'no_data', nextTime: at - 60 });
    expect(await bars({ from: at, to: at, countback: 3 })).toHaveLength(3);
    const back = await good('history', { symbol: BTC, resolution: 1, from: at, to: at - 60 });
    expect(back.body).toEqual({ s: 'no_data', nextTime: at - 120 });
  });

  it('answers the same request in the same way', async () => {
    const query = { symbol: BTC, resolution: 15, from: start / 1000, to: start / 1000 + 50 * 3600 };
    const [first, second] = [await good('history', query), await good('history', query)];
    expect(second.text).toBe(first.text);
    expect(first.text.length).toBeGreaterThan(1000);
  });

  it('has in many short answers what is in a long one', async () => {
    const [from, to] = [start / 1000, start / 1000 + 20 * 3600];
    const long = await bars({ from, to });
    expect(long).toHaveLength(1200);
    const short: Candle[] = [];
    for (let at = from; at < to; at += 4000)
      short.push(...(await bars({ from: at, to: Math.min(at + 4000, to) })));
    expect(short).toEqual(long);
    let counted: Candle[] = [];
    while (counted.length < long.length) {
      const end: number = counted.length === 0 ? to : counted[0]!.openTime / 1000;
      counted = [...(await bars({ to: end, countback: 299 })), ...counted].slice(-long.length);
    }
    expect(counted).toEqual(long);
  });

  it('ends with the newest candle where `to` lies ahead', async () => {
    const last = (await bars({ from: now() - 3600, to: now() + 1e6 })).at(-1)!;
    expect(Date.now() - last.openTime).toBeLessThan(3 * MINUTE);
    expect(await bars({ to: 4_102_444_800, countback: 10 })).toHaveLength(10);
    const { body } = await good('history', {
      symbol: BTC,
      resolution: 1,
      from: now() + 1e6,
      to: now() + 2e6,
    });
    expect(Object.keys(body)).toEqual(['s', 'nextTime']);
    expect(body.nextTime * 1000).toBeGreaterThanOrEqual(last.openTime);
  });

  it('has no data before the beginning of the history, and no earlier bar to look at', async () => {
    const edge = start / 1000;
    const window = { symbol: BTC, resolution: 1, from: edge - 86_400, to: edge };
    expect((await good('history', window)).body).toEqual({ s: 'no_data' });
    expect((await good('history', { ...window, countback: 300 })).body).toEqual({ s: 'no_data' });
    expect(timesOf(await bars({ from: edge - 86_400, to: edge + 60 }))).toEqual([start]);
    const empty = { symbol: 'NONE/USDT', resolution: 1, from: 0, to: now() };
    expect((await good('history', empty)).body).toEqual({ s: 'no_data' });
  });

  it('brings a new bar with its predecessor, whose figures are then final', async () => {
    const poll = () => bars({ from: now() - 600, to: now(), countback: 2 });
    let known = (await poll()).at(-1)!.openTime;
    const fresh = await service.until('a new bar', async () => {
      const [before, last] = await poll();
      const isNew = last!.openTime > known;
      if (isNew) expect(before!.openTime, 'the bar before the new one').toBe(known);
      known = Math.max(known, last!.openTime);
      return isNew && before;
    });
    const to = fresh.openTime + MINUTE;
    expect(await candles({ interval: '1m', from: fresh.openTime, to })).toEqual([fresh]);
  });

  it.each(['-1', '0.5', '-1e300', '1e300', '99999999999999999999', '1e-300', '-0'])(
    'survives %s for a time',
    async (time) => {
      for (const query of [
        { from: time, to: time },
        { from: time, to: now() },
        { from: 0, to: time },
      ]) {
        for (const resolution of ['1', '1D', '1M']) {
          expect((await good('history', { symbol: BTC, resolution, ...query })).body.s).toMatch(
            /^(ok|no_data)$/,
          );
        }
      }
    },
  );

  it.each([
    [{ symbol: 'NOPE' }, 404],
    [{ resolution: '7' }, 400],
    [{ resolution: '' }, 400],
    [{ from: 'x' }, 400],
    [{ to: '' }, 400],
    [{ to: 'NaN' }, 400],
    [{ countback: '0' }, 400],
    [{ countback: '-5' }, 400],
    [{ countback: '1.5' }, 400],
  ])('refuses %o', async (change, status) => {
    const whole: Query = { symbol: BTC, resolution: 1, from: 0, to: 60, ...change };
    expect(refusalOf(await ask('history', whole))[0]).toBe(status);
  });

  it.each(['symbol', 'resolution', 'from', 'to'])(
    'refuses a request without %s, and one with two',
    async (name) => {
      const whole: Query = { symbol: BTC, resolution: 1, from: 0, to: 60 };
      const rest = Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name));
      expect(refusalOf(await ask('history', rest))[0]).toBe(400);
      const twice = new URLSearchParams([...Object.entries(whole), [name, '1']] as Array<[string, string]>);
      expect(refusalOf(await service.get(`/udf/history?${twice.toString()}`))[0]).toBe(400);
    },
  );
});

describe('/udf/marks and /udf/timescale_marks', () => {
  const window = () => ({ symbol: BTC, resolution: 1, from: 0, to: now() });

  it('has a column for each thing that is told of a mark: here is none', async () => {
    const { body } = await good('marks', window());
    expect(Object.keys(body)).toEqual(['id', 'time', 'color', 'text', 'label', 'labelFontColor', 'minSize']);
    for (const column of Object.values(body)) expect(column).toEqual([]);
  });

  it('tells where the history begins', async () => {
    const { body } = await good('timescale_marks', window());
    expect(body).toHaveLength(1);
    expect(body[0]).toMatchObject({ time: start / 1000, label: 'B' });
    expect((await good('timescale_marks', { ...window(), from: start / 1000 + 1 })).body).toEqual([]);
    const daily = await good('timescale_marks', { ...window(), resolution: '1D' });
    expect(daily.body[0].time % 86_400).toBe(0);
  });

  it('refuse what they do not know', async () => {
    for (const path of ['marks', 'timescale_marks']) {
      expect(refusalOf(await ask(path, { ...window(), symbol: 'NOPE' }))).toEqual([404, 'unknown_symbol']);
      expect(refusalOf(await ask(path, { symbol: BTC }))[0]).toBe(400);
    }
  });
});

describe('/udf/quotes', () => {
  it('has the figures of the day, and echoes the names', async () => {
    const names = [BTC, 'dogeusdt', 'NOPE', 'NONE/USDT'];
    const { body } = await good('quotes', { symbols: names.join() });
    expect(body.s).toBe('ok');
    expect(body.d.map(({ n, s }: { n: string; s: string }) => [n, s])).toEqual([
      [names[0], 'ok'],
      [names[1], 'ok'],
      [names[2], 'error'],
      [names[3], 'error'],
    ]);
    const { v } = body.d[0];
    const [before, today] = (await bars({ resolution: '1D', to: now() + 60, countback: 2 })).map(
      ({ open, close }) => [Number(open), Number(close)],
    );
    expect(v).toMatchObject({ short_name: 'BTC/USDT', exchange: 'SIMULATOR' });
    // Unless midnight has just come.
    if (v.open_price === today![0]) expect(v.prev_close_price).toBe(before![1]);
    expect(v.ch).toBeCloseTo(v.lp - v.prev_close_price, 6);
    expect(v.chp).toBeCloseTo((100 * v.ch) / v.prev_close_price, 1);
    expect(v.high_price).toBeGreaterThanOrEqual(v.lp);
    expect(v.low_price).toBeLessThanOrEqual(v.lp);
    expect(v.volume).toBeGreaterThan(0);
  });

  it('refuses none', async () => {
    expect(refusalOf(await ask('quotes'))[0]).toBe(400);
    expect(refusalOf(await ask('quotes', { symbols: ',' }))[0]).toBe(400);
  });
});

describe('other addresses below /udf', () => {
  it.each(['', 'nothing', 'history/1', 'config/'])('%o: there is nothing', async (path) => {
    const [status] = refusalOf(await service.get(`/udf/${path}`));
    expect(status).toBe(404);
  });
});
