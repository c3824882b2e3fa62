import { beforeAll, describe, expect, it } from 'vitest';
import type { Candle } from '../../src/candles/candle.js';
import { canonicalDecimal } from '../../src/common/decimal.js';
import {
  candlesPath,
  expectSameCandles,
  MINUTE,
  queryFile,
  readAllPages,
  readPage,
  readRow,
  type SeriesBody,
} from '../support/service-data.js';
import { ServiceProcess, type Answer } from '../support/service-process.js';

const HOUR = 60 * MINUTE;
const BTC = { exchange: 'simulator', symbol: 'BTC/USDT', interval: '1m' };
type Query = Record<string, string | number>;

let service: ServiceProcess;
/** First candle of the history. */
let start: number;

beforeAll(async () => {
  start = Math.floor(Date.now() / HOUR) * HOUR - 48 * HOUR;
  service = await ServiceProcess.start({
    environment: {
      // The simulator does not trade the last one: it is kept, and stays empty.
      CRYPTOFLOW_MARKETS: 'simulator:BTC/USDT@1m,1h simulator:NONE/USDT@1m',
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

const ask = (query: Query) => service.get(candlesPath(query));
const page = async (query: Query) => {
  const answer = await ask(query);
  expect(answer.status, answer.text.slice(0, 300)).toBe(200);
  return readPage(answer.text);
};

/** Status and code of a refusal, which must look like one; all of the answer where it does not. */
function problemOf({ status, headers, body, text }: Answer): unknown[] {
  const isProblem =
    headers.get('content-type')?.startsWith('application/problem+json') &&
    /^[a-z]+:/.test(body.type) &&
    body.status === status &&
    [body.title, body.detail].every((words) => typeof words === 'string' && words !== '');
  return isProblem ? [status, body.code] : [status, text];
}

describe('/api/v1/candles', () => {
  it('answers the newest thousand, ascending, where nothing else is asked for', async () => {
    const answer = await ask(BTC);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(Object.keys(answer.body)).toEqual(['exchange', 'symbol', 'interval', 'candles', 'next']);
    expect(answer.body).toMatchObject({ ...BTC, next: null });
    const { candles } = readPage(answer.text);
    expect(candles).toHaveLength(1000);
    expectNeighbours(candles);
    const lag = Date.now() - candles.at(-1)!.openTime;
    expect(lag).toBeGreaterThanOrEqual(MINUTE);
    expect(lag).toBeLessThan(4 * MINUTE);
  });

  it('writes every figure as its exact canonical decimal', async () => {
    for (const { open, high, low, close, volume } of (await page({ ...BTC, limit: 10_000 })).candles) {
      const figures = [open, high, low, close, volume];
      expect(figures.map(canonicalDecimal)).toEqual(figures);
    }
  });

  it.each([1, 2, 1000, 10_000])('takes a limit of %i', async (limit) => {
    const { candles } = await page({ ...BTC, from: start, to: start + 40 * HOUR, limit });
    expect(candles).toHaveLength(Math.min(limit, 2400));
    expect(candles[0]!.openTime).toBe(start);
  });

  it.each(['0', '10001', '-1', '1.5', '1e3', 'many', '', ' '])('refuses a limit of %o', async (limit) => {
    const answer = await ask({ ...BTC, limit });
    expect(problemOf(answer)).toEqual([400, 'INVALID_PARAMETER']);
    expect(answer.body.errors).toEqual([{ parameter: 'limit', message: expect.any(String) }]);
  });

  it('takes from as inclusive and to as exclusive, in ms and in ISO 8601', async () => {
    const [from, to] = [start + HOUR, start + 2 * HOUR];
    const { candles, next } = await page({ ...BTC, from, to });
    expect(candles.map(({ openTime }) => openTime)).toEqual(
      Array.from({ length: 60 }, (_, i) => from + i * MINUTE),
    );
    expect(next).toBeNull();

    const iso = (time: number) => new Date(time).toISOString();
    const offset = (time: number) => iso(time + 2 * HOUR).replace('Z', '+02:00');
    for (const spell of [iso, offset, (time: number) => iso(time).replace('.000Z', ''), String]) {
      expect((await page({ ...BTC, from: spell(from), to: spell(to) })).candles).toEqual(candles);
    }
    // Between two candles: the first one is the next, the last one the one before.
    expect((await page({ ...BTC, from: from - MINUTE + 1, to: to - MINUTE + 1 })).candles).toEqual(candles);
    const day = iso(start + 24 * HOUR).slice(0, 10);
    expect((await page({ ...BTC, from: day, limit: 1 })).candles[0]!.openTime).toBe(Date.parse(day));
  });

  it.each(['yesterday', '2024-02-30', '2024-13-01', '12.5', '1e12', '99999999999999999', '', 'NaN'])(
    'refuses %o as a time',
    async (time) => {
      for (const parameter of ['from', 'to']) {
        const answer = await ask({ ...BTC, [parameter]: time });
        expect(problemOf(answer)).toEqual([400, 'INVALID_PARAMETER']);
        expect(answer.body.errors[0].parameter).toBe(parameter);
      }
    },
  );

  it('answers nothing between a time and itself, and refuses from after to', async () => {
    expect(await page({ ...BTC, from: start, to: start })).toEqual({ candles: [], next: null });
    expect(problemOf(await ask({ ...BTC, from: start + 1, to: start }))).toEqual([400, 'INVALID_PARAMETER']);
  });

  it('answers nothing before the history and after its end', async () => {
    expect(await page({ ...BTC, to: start })).toEqual({ candles: [], next: null });
    expect(await page({ ...BTC, from: Date.now() + HOUR })).toEqual({ candles: [], next: null });
  });

  it.each([
    ['desc', 'from the newest to the oldest'],
    ['asc', 'from the oldest to the newest'],
  ])('orders %s: %s', async (order) => {
    const range = { ...BTC, from: start, to: start + HOUR, order };
    const { candles } = await page(range);
    expect(candles).toHaveLength(60);
    expectNeighbours(order === 'asc' ? candles : candles.toReversed());
    expect((await page({ ...BTC, order, limit: 1 })).candles[0]!.openTime).toBeGreaterThan(start + 40 * HOUR);
  });

  it.each(['asc', 'desc'])('neither repeats nor skips a candle along `next`, %s', async (order) => {
    const spans = [1, 59, 60, 61, 180, 2400];
    for (const minutes of spans) {
      const range = { ...BTC, from: start + 7 * MINUTE, to: start + (7 + minutes) * MINUTE, order };
      const whole = (await page({ ...range, limit: 10_000 })).candles;
      expect(whole).toHaveLength(minutes);
      for (const limit of [1, 2, 7, 60, 61, 1000, 10_000].filter((size) => minutes / size < 200)) {
        const { candles, pages } = await readAllPages(service, { ...range, limit });
        expectSameCandles(candles, whole);
        expect(pages).toBe(Math.ceil(minutes / limit)); // the last page is never an empty one
      }
    }
  });

  it('shows the forming candle with closed=false only', async () => {
    const closedOnly = async () => {
      const { candles } = await page({ ...BTC, limit: 3 });
      for (const { openTime } of candles) expect(openTime + MINUTE).toBeLessThanOrEqual(Date.now());
      return candles.at(-1)!;
    };
    const forming = await service.until('a forming candle', async () => {
      const last = await closedOnly();
      const { candles } = await page({ ...BTC, limit: 2, closed: 'false' });
      return candles.at(-1)!.openTime === last.openTime + MINUTE && candles.at(-1);
    });
    for (const order of ['asc', 'desc']) {
      const range = { ...BTC, from: forming.openTime - 5 * MINUTE, order };
      const open = await readAllPages(service, { ...range, limit: 2, closed: 'false' });
      const closed = await readAllPages(service, { ...range, limit: 2 });
      const extra = open.candles.filter(
        ({ openTime }) => !closed.candles.some((it) => it.openTime === openTime),
      );
      expect(extra.length).toBeLessThanOrEqual(1);
    }
    // It changes while it forms, and what is closed does not.
    const before = await closedOnly();
    await service.until('the forming candle to change', async () => {
      const { candles } = await page({ ...BTC, limit: 1, closed: 'false' });
      await closedOnly();
      return JSON.stringify(candles[0]) !== JSON.stringify(forming);
    });
    const again = await page({ ...BTC, from: before.openTime, limit: 1 });
    expect(again.candles).toEqual([before]);
    expect(await queryFile(service.database, 'SELECT * FROM candle_revision')).toEqual([]);
  });

  it('writes CSV with a header line', async () => {
    const range = { ...BTC, from: start, to: start + HOUR };
    for (const order of ['asc', 'desc']) {
      const answer = await ask({ ...range, order, format: 'csv' });
      expect(answer.headers.get('content-type')).toMatch(/^text\/csv/);
      const [header, ...rows] = answer.text.trimEnd().split('\n');
      expect(header).toBe('open_time,open,high,low,close,volume');
      expect(rows.map(readRow)).toEqual((await page({ ...range, order })).candles);
    }
    const empty = await ask({ ...BTC, to: start, format: 'csv' });
    expect(empty.text).toBe('open_time,open,high,low,close,volume\n');
  });

  it.each([
    [{ colour: 'red' }, 'UNKNOWN_PARAMETER', 'colour'],
    [{ Limit: '1' }, 'UNKNOWN_PARAMETER', 'Limit'],
    [{ interval: '7m' }, 'INVALID_PARAMETER', 'interval'],
    [{ interval: '1H' }, 'INVALID_PARAMETER', 'interval'],
    [{ order: 'up' }, 'INVALID_PARAMETER', 'order'],
    [{ format: 'xml' }, 'INVALID_PARAMETER', 'format'],
    [{ closed: 'maybe' }, 'INVALID_PARAMETER', 'closed'],
    [{ exchange: '' }, 'INVALID_PARAMETER', 'exchange'],
    [{ symbol: '' }, 'INVALID_PARAMETER', 'symbol'],
  ])('refuses %o', async (change, code, parameter) => {
    const answer = await ask({ ...BTC, ...change });
    expect(problemOf(answer)).toEqual([400, code]);
    expect(answer.body.errors.map((error: { parameter: string }) => error.parameter)).toEqual([parameter]);
  });

  it.each(['exchange', 'symbol', 'interval', 'limit', 'from', 'order'])(
    'refuses a repeated %s',
    async (name) => {
      const twice = { ...BTC, limit: '5', from: String(start), order: 'asc' };
      const value = encodeURIComponent(twice[name as keyof typeof twice]);
      expect(problemOf(await service.get(`${candlesPath(twice)}&${name}=${value}`))).toEqual([
        400,
        'INVALID_PARAMETER',
      ]);
    },
  );

  it.each(['exchange', 'symbol', 'interval'])('refuses a request without %s', async (name) => {
    const rest = Object.fromEntries(Object.entries(BTC).filter(([key]) => key !== name));
    const answer = await ask(rest);
    expect(problemOf(answer)).toEqual([400, 'INVALID_PARAMETER']);
    expect(answer.body.errors[0].parameter).toBe(name);
  });

  it('tells what is not kept, and that a kept series is empty', async () => {
    expect(problemOf(await ask({ ...BTC, exchange: 'kraken' }))).toEqual([404, 'EXCHANGE_NOT_KEPT']);
    expect(problemOf(await ask({ ...BTC, symbol: 'ETH/USDT' }))).toEqual([404, 'SYMBOL_NOT_KEPT']);
    expect(await page({ ...BTC, symbol: 'NONE/USDT' })).toEqual({ candles: [], next: null });
    expect(await page({ ...BTC, symbol: 'NONE/USDT', closed: 'false' })).toEqual({ candles: [], next: null });
  });
});

describe('other addresses', () => {
  it.each(['/api/v1/nothing', '/api/v2/candles', '/nothing', '/api/v1/candles/1'])(
    '%s is not found',
    async (path) => {
      expect(problemOf(await service.get(path))).toEqual([404, 'NOT_FOUND']);
    },
  );

  it('answers a malformed address as a problem too', async () => {
    const answer = await service.get('/api/v1/series/%zz');
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });
});

function expectNeighbours(candles: readonly Candle[]): void {
  for (const [index, { openTime }] of candles.entries()) {
    if (index > 0) expect(openTime).toBe(candles[index - 1]!.openTime + MINUTE);
  }
}
