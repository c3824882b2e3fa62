import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Candle } from '../../src/candles/candle.js';
import { gridOf, openTimeAt, stepOpenTime, type Interval } from '../../src/common/interval.js';
import type { CandlePage } from '../../src/exchanges/exchange-client.js';
import { CcxtClient } from '../../src/exchanges/ccxt/ccxt.client.js';
import { BinanceServer } from '../support/binance-server.js';
import { generateCandles } from '../support/candle-files.js';
import { serveCoinbase } from '../support/exchanges/coinbase-server.js';
import type { ExchangeData, RunningExchange } from '../support/exchanges/exchange-server.js';
import { KRAKEN_CANDLES, serveKraken } from '../support/exchanges/kraken-server.js';
import { serveKucoin } from '../support/exchanges/kucoin-server.js';
import { serveOkx } from '../support/exchanges/okx-server.js';
import { StoppedClock } from '../unit/exchanges/stopped-clock.js';
import { exchangeClientContract } from './exchange-client.contract.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** ccxt asks some exchanges for times reckoned from the real clock: these candles end now. */
const REAL_HOUR = Math.floor(Date.now() / HOUR) * HOUR;

type Serve = (data: ExchangeData) => Promise<RunningExchange & { options: object }>;

const SERVERS: Readonly<Record<string, Serve>> = {
  kraken: serveKraken,
  coinbase: serveCoinbase,
  okx: serveOkx,
  kucoin: serveKucoin,
};

function clientOf(id: string, options: object, now: number): CcxtClient {
  return new CcxtClient(id, { ...options, enableRateLimit: false }, new StoppedClock(now));
}

describe.each([
  { id: 'kraken', symbol: 'BTC/USD', count: KRAKEN_CANDLES },
  { id: 'coinbase', symbol: 'BTC/USD', count: 1000 },
  { id: 'okx', symbol: 'BTC/USDT', count: 1600 },
  { id: 'kucoin', symbol: 'BTC/USDT', count: 3100 },
])('$id', ({ id, symbol, count }) => {
  const candles = generateCandles({ from: REAL_HOUR - (count - 1) * HOUR, count, step: HOUR });
  exchangeClientContract(`ccxt's ${id}`, async () => {
    const now = REAL_HOUR + 20_000;
    const server = await SERVERS[id]!({ interval: '1h', candles, now: () => now });
    return {
      client: clientOf(id, server.options, now),
      symbol,
      interval: '1h',
      oldest: candles[0]!.openTime,
      now,
      tearDown: () => server.close(),
    };
  });
});

interface Documented {
  readonly exchange: string;
  readonly symbol: string;
  readonly interval: Interval;
  readonly answer: unknown;
  readonly candles: ReadonlyArray<readonly [number, string, string, string, string, string]>;
  readonly forming?: readonly [number, string, string, string, string, string];
}

function readDocumented(id: string): Documented {
  const file = new URL(`../support/exchanges/documented/${id}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Documented;
}

const toCandle = ([openTime, open, high, low, close, volume]: Documented['candles'][number]): Candle => ({
  openTime,
  open,
  high,
  low,
  close,
  volume,
});

const DOCUMENTED = ['binance', 'kraken', 'coinbase', 'okx', 'kucoin'];

/** What is read of an answer for the times of the documented one. */
async function readAnswer(id: string, answer: unknown): Promise<CandlePage> {
  const { symbol, interval, candles } = readDocumented(id);
  const from = candles[0]![0];
  const to = stepOpenTime(interval, candles.at(-1)![0], 2);
  const now = to + HOUR;
  let options: object;
  if (id === 'binance') {
    const server = await BinanceServer.start({
      markets: [{ symbol, candles: [] }],
      now: () => now,
      fault: ({ path }) =>
        path.endsWith('/klines') ? { status: 200, body: JSON.stringify(answer) } : undefined,
    });
    onTestFinished(() => server.close());
    ({ binance: options } = server.exchangeOptions());
  } else {
    const server = await SERVERS[id]!({ interval, candles: [], now: () => now, documented: answer });
    onTestFinished(() => server.close());
    ({ options } = server);
  }
  const client = clientOf(id, options, now);
  onTestFinished(() => client.close());
  return client.fetchCandles({ symbol, interval, from, to });
}

type Row = unknown[] | Record<string, unknown>;

/** The rows of an answer, which may be changed in place. */
function rowsOf(answer: unknown): Row[] {
  const isRows = (value: unknown): value is Row[] =>
    Array.isArray(value) && value.length > 0 && typeof value[0] === 'object';
  if (isRows(answer)) return answer;
  return Object.values(answer as object).flatMap((value: unknown) =>
    typeof value === 'object' && value !== null ? rowsOf(value) : [],
  );
}

/** Every way in which one field of a row can be missing. */
function without(row: Row): Array<[what: string, spoil: (row: Row) => void]> {
  return Object.keys(row).flatMap((field) => {
    const set = (it: Row, value: unknown) => void ((it as Record<string, unknown>)[field] = value);
    const ways: Array<[string, (it: Row) => void]> = [
      [`${field} null`, (it) => set(it, null)],
      [`${field} empty`, (it) => set(it, '')],
    ];
    if (Array.isArray(row))
      ways.push([`cut at ${field}`, (it) => void (it as unknown[]).splice(Number(field))]);
    else ways.push([`without ${field}`, (it) => void delete (it as Record<string, unknown>)[field]]);
    return ways;
  });
}

describe('the answers that exchanges document', () => {
  it.each(DOCUMENTED)('are read to the digit: %s', async (id) => {
    const { answer, candles, forming = null } = readDocumented(id);
    expect(await readAnswer(id, answer)).toEqual({
      closed: candles.map(toCandle),
      forming: forming && toCandle(forming),
    });
  });

  it.each(DOCUMENTED)('with a field missing lose no row without a word, and no other row: %s', async (id) => {
    const { answer, candles, forming } = readDocumented(id);
    const whole = [...candles, ...(forming ? [forming] : [])].map(toCandle);
    for (const [what, spoil] of without(rowsOf(answer)[1]!)) {
      const spoilt = structuredClone(answer);
      spoil(rowsOf(spoilt)[1]!);
      const page = await readAnswer(id, spoilt);
      const read = [...page.closed, ...(page.forming ? [page.forming] : [])];
      const lost = whole.filter((candle) => !read.some(({ openTime }) => openTime === candle.openTime));
      // A field that nobody looks at may be missing.
      expect(new Set(page.rejected?.map(({ payload }) => payload)).size, what).toBe(lost.length);
      expect(lost.length, what).toBeLessThanOrEqual(1);
      expect(read, what).toEqual(whole.filter((candle) => !lost.includes(candle)));
    }
  });

  it.each(DOCUMENTED)('without a single volume are not taken for "no candles": %s', async (id) => {
    const spoilt = readDocumented(id).answer;
    const rows = rowsOf(spoilt);
    for (const row of rows) {
      // Where KuCoin, OKX and the others have it; what is next to it may be null as well.
      if (Array.isArray(row)) row.fill(null, 5);
      else row['volume'] = null;
    }
    const { closed, forming, rejected } = await readAnswer(id, spoilt);
    expect([closed, forming]).toEqual([[], null]);
    expect(rejected!.map(({ reason }) => reason)).toEqual(rows.map(() => 'figure_unreadable'));
  });
});

describe('quirks', () => {
  it('gets from Kraken what it still has, also when asked for more than its 720', async () => {
    const candles = generateCandles({ from: REAL_HOUR - 999 * HOUR, count: 1000, step: HOUR });
    const now = REAL_HOUR + 20_000;
    const server = await serveKraken({ interval: '1h', candles, now: () => now });
    onTestFinished(() => server.close());
    const client = clientOf('kraken', server.options, now);
    onTestFinished(() => client.close());
    const { closed, forming } = await client.fetchCandles({
      symbol: 'BTC/USD',
      interval: '1h',
      from: candles[0]!.openTime,
      to: REAL_HOUR + HOUR,
    });
    expect(closed).toEqual(candles.slice(-KRAKEN_CANDLES, -1));
    expect(forming).toEqual(candles.at(-1));
  });

  it('leaves a candle of OKX alone until OKX calls it complete, also after its time', async () => {
    const candles = generateCandles({ from: REAL_HOUR - 9 * HOUR, count: 10, step: HOUR });
    const late = candles.at(-2)!.openTime;
    const unconfirmed = new Set([late]);
    const now = REAL_HOUR + 1000;
    const server = await serveOkx({
      interval: '1h',
      candles: candles.slice(0, -1),
      now: () => now,
      unconfirmed,
    });
    onTestFinished(() => server.close());
    const client = clientOf('okx', server.options, now);
    onTestFinished(() => client.close());
    const request = {
      symbol: 'BTC/USDT',
      interval: '1h',
      from: candles[0]!.openTime,
      to: REAL_HOUR,
    } as const;
    expect(await client.fetchCandles(request)).toEqual({
      closed: candles.slice(0, -2),
      forming: candles.at(-2),
    });
    unconfirmed.clear();
    expect(await client.fetchCandles(request)).toEqual({ closed: candles.slice(0, -1), forming: null });
  });

  it.each([
    { interval: '6h', bar: '6H', step: 6 * HOUR, anchor: -2 * HOUR },
    { interval: '12h', bar: '12H', step: 12 * HOUR, anchor: 4 * HOUR },
    { interval: '1d', bar: '1D', step: DAY, anchor: -8 * HOUR },
    { interval: '1w', bar: '1W', step: 7 * DAY, anchor: -8 * HOUR },
  ] as const)(
    'asks OKX for $interval of UTC, and of Hong Kong where that is configured (ccxt 15571)',
    async ({ interval, bar, step, anchor }) => {
      // Monday, midnight in UTC; and what is open in Hong Kong then.
      const now = openTimeAt('1w', Date.now());
      const ask = async (timezone: 'UTC' | 'HK', own: number) => {
        const newest = openTimeAt(gridOf({ interval, anchor: own }), now);
        const candles = generateCandles({ from: newest - 9 * step, count: 10, step });
        const server = await serveOkx({ interval, candles, now: () => now });
        onTestFinished(() => server.close());
        const options = { fetchMarkets: { types: ['spot'] }, fetchOHLCV: { timezone } };
        const client = clientOf('okx', { ...server.options, options }, now);
        onTestFinished(() => client.close());
        const request = { symbol: 'BTC/USDT', interval, from: newest - 9 * step, to: now + step } as const;
        const learnt = (await client.fetchCandles(request)).anchor ?? 0;
        const page = await client.fetchCandles({ ...request, anchor: learnt });
        const asked = new URLSearchParams(server.requests.at(-1)!.split('?')[1]).get('bar');
        return { candles, learnt, page, asked };
      };
      const utc = await ask('UTC', 0);
      expect(utc).toMatchObject({ asked: `${bar}utc`, learnt: 0 });
      const hongKong = await ask('HK', anchor);
      expect(hongKong).toMatchObject({ asked: bar, learnt: anchor });
      for (const { page, candles } of [utc, hongKong]) {
        expect(page).toEqual({ closed: candles.slice(0, -1), forming: candles.at(-1) });
      }
    },
  );

  it.each([
    { id: 'kucoin', symbol: 'BTC/USDT', first: Date.UTC(2022, 0, 6) },
    { id: 'kraken', symbol: 'BTC/USD', first: Date.UTC(2022, 0, 6) },
  ])('finds out that weeks of $id begin on a Thursday', async ({ id, symbol, first }) => {
    const now = REAL_HOUR;
    const count = Math.floor((now - first) / (7 * DAY)) + 1;
    const candles = generateCandles({ from: first, count, step: 7 * DAY });
    const server = await SERVERS[id]!({ interval: '1w', candles, now: () => now });
    onTestFinished(() => server.close());
    const client = clientOf(id, server.options, now);
    onTestFinished(() => client.close());
    const monday = Date.UTC(2022, 0, 3);
    const window = { symbol, interval: '1w', from: monday, to: now } as const;
    expect(await client.fetchCandles(window)).toMatchObject({ closed: [], anchor: 3 * DAY });
    const page = await client.fetchCandles({ ...window, from: first, anchor: 3 * DAY });
    expect(page).toEqual({ closed: candles.slice(0, -1), forming: candles.at(-1) });
  });
});
