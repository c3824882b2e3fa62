import { describe, expect, it, onTestFinished } from 'vitest';
import type { Candle } from '../../../src/candles/candle.js';
import { BinanceServer, rateLimited, type Fault } from '../../support/binance-server.js';
import type { FIELD } from '../../support/binance/klines.js';
import {
  at,
  between,
  contradictedBy,
  doubled,
  everywhere,
  having,
  inExponentForm,
  shifted,
  startingEarlier,
  unordered,
  upsideDown,
  withheld,
  type Misdeed,
  type Where,
} from '../../support/binance/misdeeds.js';
import { generateCandles } from '../../support/candle-files.js';
import { openCollectingFrom } from '../../support/collecting-from-server.js';
import { ManualClock } from '../../support/fixtures/manual-clock.js';
import { isSettled } from '../../support/fixtures/settled.js';
import { until } from '../../support/fixtures/until.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOON = Date.UTC(2024, 0, 10, 12);
/** Minutes of history: more than the exchange gives at once. */
const HISTORY = 1100;
const START = NOON - HISTORY * MINUTE;
/** To be collected, and what comes in the minutes after. */
const TRUTH = generateCandles({ from: START, count: HISTORY + 30 });
const BEFORE_NOON = TRUTH.slice(0, HISTORY);
const nth = (index: number): Candle => TRUTH[index]!;

async function openExchange(options: Parameters<typeof BinanceServer.start>[0] = {}) {
  const clock = new ManualClock(NOON + 3000);
  const server = await BinanceServer.start({
    markets: [{ symbol: 'BTC/USDT', candles: TRUTH }],
    trueTime: () => clock.now(),
    ...options,
  });
  onTestFinished(() => server.close());
  return { clock, server };
}

async function openTest() {
  const { clock, server } = await openExchange();
  return { clock, server, collect: () => openCollectingFrom({ server, clock, since: START }) };
}

describe('an exchange that sends the truth in disorder', () => {
  it.each<[string, Where, Misdeed]>([
    ['twice', everywhere, doubled],
    ['unordered', everywhere, unordered],
    ['overlapping the page before', everywhere, startingEarlier(50)],
    ['in exponent form (ninjabot 72)', everywhere, inExponentForm],
  ])('gets stored to the digit: %s', async (_, where, misdeed) => {
    const { server, collect } = await openTest();
    server.misbehave(where, misdeed);
    const test = await collect();
    await test.collected();
    expect(await test.stored()).toEqual(BEFORE_NOON);
    expect(await test.coverage()).toMatchObject([{ from: START, to: NOON, state: 'have' }]);
    expect(await test.quarantined()).toEqual([]);
  });
});

describe('an exchange that sends what is no candle', () => {
  const bad = nth(500).openTime;

  it.each<[string, Misdeed, string]>([
    ['off the grid', shifted(1000), 'off_grid'],
    ['NaN for a price', having('open', 'NaN'), 'figure_unreadable'],
    ['null for the volume', having('volume', null), 'figure_unreadable'],
    ['a negative volume', having('volume', '-1.5'), 'volume_negative'],
    ['high below low', upsideDown, 'price_outside_range'],
    ['a close above the high', having('close', '99999999'), 'price_outside_range'],
    ['a price of zero', having('low', '0.00000000'), 'price_not_positive'],
    ['a time in microseconds', having('openTime', bad * 1000), 'not_begun'],
    ['no time', having('openTime', null), 'time_unreadable'],
  ])('loses that candle and no other, and it is known: %s', async (_, misdeed, reason) => {
    const { server, collect } = await openTest();
    server.misbehave(at(bad), misdeed);
    const test = await collect();
    await test.collected();
    expect(await test.stored()).toEqual(BEFORE_NOON.filter(({ openTime }) => openTime !== bad));
    expect(await test.coverage()).toMatchObject([
      { from: START, to: bad, state: 'have' },
      { from: bad, to: bad + MINUTE, state: 'missing' },
      { from: bad + MINUTE, to: NOON, state: 'have' },
    ]);
    const rows = await test.quarantined();
    expect(rows).toMatchObject([{ reason, times: 1, resolved: false }]);
    const sent = JSON.parse(rows[0]!.payload) as unknown[];
    expect(sent).toHaveLength(12);
    expect(test.log.named('collector.candles.rejected')).toMatchObject([{ rows: 1, reasons: [reason] }]);
  });

  it('has its word taken in neither form when it contradicts itself', async () => {
    const { server, collect } = await openTest();
    server.misbehave(at(bad), contradictedBy(nth(500).high));
    const test = await collect();
    await test.collected();
    expect((await test.stored()).map(({ openTime }) => openTime)).not.toContain(bad);
    expect(await test.quarantined()).toMatchObject([
      { openTime: bad, reason: 'contradictory' },
      { openTime: bad, reason: 'contradictory' },
    ]);
  });

  it('is asked again for its newest candle, and once it sends that right there is no gap', async () => {
    const { server, clock, collect } = await openTest();
    const newest = nth(HISTORY - 1);
    const stop = server.misbehave(at(newest.openTime), having('volume', 'NaN'));
    const test = await collect();
    await until(async () => (await test.quarantined()).length === 1);
    stop();
    await test.collected(500);
    expect(clock.now()).toBeLessThan(NOON + MINUTE); // within the same run of sync
    expect(await test.stored()).toEqual(BEFORE_NOON);
    expect(await test.quarantined()).toMatchObject([{ openTime: newest.openTime, resolved: true }]);
  });

  it('may send a page without one good candle: the page is missing, what lies behind is fetched', async () => {
    const { server, collect } = await openTest();
    const [from, to] = [START + 20 * MINUTE, START + 90 * MINUTE];
    server.misbehave(between(from, to), having('close', 'Infinity'));
    const test = await collect();
    await test.collected();
    expect(await test.stored()).toEqual(
      BEFORE_NOON.filter(({ openTime }) => openTime < from || openTime >= to),
    );
    expect(await test.coverage()).toMatchObject([{ state: 'have' }, { from, to, state: 'missing' }, {}]);
    expect(await test.quarantined()).toHaveLength(70);
  });

  it('does not fill the database by it: the same row again is counted', async () => {
    const { server, clock, collect } = await openTest();
    const open = nth(HISTORY).openTime;
    server.misbehave(at(open), having('open', 'NaN'));
    const test = await collect();
    await test.collected();
    for (let seen = 0; seen < 3; seen += 1) {
      const [before] = await test.quarantined();
      test.worker.requestForming();
      await until(async () => (await test.quarantined())[0]!.times > (before?.times ?? 0));
    }
    expect(await test.quarantined()).toMatchObject([{ openTime: open, reason: 'figure_unreadable' }]);
    expect(clock.now()).toBe(NOON + 3000);
  });
});

describe('an exchange that leaves out a field', () => {
  const some = between(nth(300).openTime, nth(320).openTime);

  it.each<[string, Where, keyof typeof FIELD]>([
    ['the volume of every candle', everywhere, 'volume'],
    ['the time of every candle', everywhere, 'openTime'],
    ['the volume of some, with candles around them', some, 'volume'],
    ['the time of some, with candles around them', some, 'openTime'],
  ])('is not taken for one that has none, however often it is asked: %s', async (_, where, field) => {
    const { server, clock, collect } = await openTest();
    const stop = server.misbehave(where, having(field, null));
    const test = await collect();
    await test.collected(500);
    for (const minutes of [5, 15, 45, 135]) {
      clock.advance(minutes * MINUTE);
      test.worker.requestRepair();
      await until(() => isSettled(test.worker, clock.now()));
    }
    expect(await test.stored()).toEqual(BEFORE_NOON.filter(({ openTime }) => !where(openTime)));
    const holes = (await test.coverage()).filter(({ state }) => state !== 'have');
    expect(holes.length).toBeGreaterThan(0);
    expect(holes.filter(({ state }) => state !== 'missing')).toEqual([]);
    expect((await test.quarantined()).length).toBeGreaterThan(0);

    stop();
    await test.syncAt(clock.now() + DAY);
    test.worker.requestRepair();
    test.worker.requestBackfill();
    await until(async () => (await test.stored()).length >= HISTORY);
    expect((await test.stored()).slice(0, HISTORY)).toEqual(BEFORE_NOON);
  });
});

describe('a candle that is still open', () => {
  const MINUTES_OFF = 5;

  it.each([
    ['right', 0],
    ['ahead', MINUTES_OFF * MINUTE],
    ['behind', -MINUTES_OFF * MINUTE],
  ])(
    "is never stored as closed (freqtrade PR 13397, hummingbot 7529, python-binance 741): the exchange's clock is %s",
    async (_, offset) => {
      const { server, clock, collect } = await openTest();
      server.clockOffset = offset;
      const test = await collect();
      await test.collected(400);
      const closedBy = (time: number) => TRUTH.filter(({ openTime }) => openTime + MINUTE <= time);
      expect(await test.stored()).toEqual(closedBy(Math.min(clock.now(), clock.now() + offset)));

      server.clockOffset = 0;
      await test.syncAt(NOON + 10 * MINUTE + 2000);
      expect(await test.stored()).toEqual(closedBy(clock.now()));
      expect(await test.quarantined()).toEqual([]);
      expect(await test.reader.query('SELECT * FROM candle_revision')).toEqual([]);
    },
  );

  it("is never stored as closed when our own clock is minutes ahead of the exchange's", async () => {
    const clock = new ManualClock(NOON + 3000 + MINUTES_OFF * MINUTE);
    const trueTime = () => clock.now() - MINUTES_OFF * MINUTE;
    const server = await BinanceServer.start({ markets: [{ symbol: 'BTC/USDT', candles: TRUTH }], trueTime });
    onTestFinished(() => server.close());
    const test = await openCollectingFrom({ server, clock, since: START });
    await test.collected(400);
    expect(await test.stored()).toEqual(TRUTH.filter(({ openTime }) => openTime + MINUTE <= trueTime()));
  });
});

describe('an exchange that was out for two days (jesse 78, 442)', () => {
  it('leaves an honest hole, and history goes on behind it', async () => {
    const hours = generateCandles({ from: NOON - 10 * DAY, count: 241, step: HOUR });
    const { server, clock } = await openExchange({
      markets: [{ symbol: 'BTC/USDT', candles: [], series: { '1h': hours } }],
    });
    const [from, to] = [NOON - 6 * DAY, NOON - 4 * DAY];
    server.misbehave(between(from, to), withheld);
    const test = await openCollectingFrom({ server, clock, since: NOON - 10 * DAY, interval: '1h' });
    await test.collected();
    const closed = hours.filter(({ openTime }) => openTime < NOON);
    expect(await test.stored()).toEqual(closed.filter(({ openTime }) => openTime < from || openTime >= to));
    expect(await test.coverage()).toMatchObject([
      { from: NOON - 10 * DAY, to: from, state: 'have' },
      { from, to, state: 'missing' },
      { from: to, to: NOON, state: 'have' },
    ]);
  });
});

describe('a market that comes and goes', () => {
  it('has nothing before its listing date, and all from there on', async () => {
    const listed = START + 300 * MINUTE;
    const { server, clock } = await openExchange();
    server.setMarket({ symbol: 'BTC/USDT', candles: TRUTH.slice(300) });
    const test = await openCollectingFrom({ server, clock, since: START });
    await test.collected();
    expect(await test.stored()).toEqual(BEFORE_NOON.slice(300));
    expect((await test.coverage()).at(-1)).toEqual({ from: listed, to: NOON, state: 'have' });
  });

  it('keeps its old history when it is delisted and relisted under one name (freqtrade 7091, ccxt 13790: LUNA)', async () => {
    const { server, collect, clock } = await openTest();
    const test = await collect();
    await test.collected();
    server.setMarket({ symbol: 'BTC/USDT', candles: BEFORE_NOON, status: 'BREAK' });
    await test.syncAt(NOON + 2 * MINUTE + 2000);
    server.removeMarket('BTC/USDT');
    clock.advance(2 * MINUTE);
    test.worker.requestSync();
    await until(() => test.worker.status.failures > 0 || test.worker.status.lastError !== null);
    expect(await test.stored()).toEqual(BEFORE_NOON);

    // Listed anew, and what was before is gone at the exchange.
    server.setMarket({ symbol: 'BTC/USDT', candles: TRUTH.slice(HISTORY + 5) });
    clock.advance(5 * MINUTE);
    await test.syncAt(NOON + 20 * MINUTE + 2000);
    const times = TRUTH.filter(({ openTime }) => openTime + MINUTE <= clock.now());
    expect(await test.stored()).toEqual(times.filter((_, index) => index < HISTORY || index >= HISTORY + 5));
    const gap = { from: NOON, to: NOON + 5 * MINUTE, state: 'missing' };
    expect(await test.coverage()).toContainEqual(expect.objectContaining(gap));
  });
});

describe('an exchange that refuses, breaks or hangs', () => {
  const once = (server: BinanceServer, ...faults: Fault[]) => {
    server.fault = ({ path }) => (path.endsWith('/klines') ? faults.shift() : undefined);
  };

  it.each<[string, Fault, number]>([
    ['429 with Retry-After (freqtrade 7865, ccxt 14639)', rateLimited(40), 40_000],
    ['429 without Retry-After', rateLimited(null), 400],
    ['418, a ban', rateLimited(120, 418), 120_000],
    ['500', { status: 500, body: '{}' }, 400],
    ['503', { status: 503, headers: { 'retry-after': '30' }, body: '' }, 30_000],
    ['a reset in mid-answer', 'reset-in-body', 400],
    ['a web page', 'html', 400],
    ['half of the JSON', 'truncated', 400],
  ])('is asked again no sooner than it asks for, and nothing is lost: %s', async (_, fault, wait) => {
    const { server, clock, collect } = await openTest();
    // The first three requests: sync, the forming candle, backfill.
    once(server, fault, fault, fault);
    const test = await collect();
    await until(() => test.log.named('collector.task.failed').length === 3);
    clock.advance(wait - 1);
    expect(server.klineRequests()).toHaveLength(3);
    await test.collected(500);
    const stored = await test.stored();
    expect(stored.slice(0, HISTORY)).toEqual(BEFORE_NOON);
  });

  it('is given up after its time when it stalls, and asked again', async () => {
    const { server, clock, collect } = await openTest();
    once(server, 'hang', 'hang-in-body', 'hang');
    const test = await collect();
    await until(() => server.klineRequests().length === 1);
    await until(() => {
      clock.advance(1000);
      return test.log.named('collector.task.failed').length >= 1;
    });
    expect(test.worker.status.lastError).toMatchObject({ code: 'EXCHANGE_TIMEOUT' });
    await test.collected(500);
    expect((await test.stored()).slice(0, HISTORY)).toEqual(BEFORE_NOON);
  });
});
