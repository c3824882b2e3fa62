import { describe, expect, it, onTestFinished } from 'vitest';
import { SeriesReader } from '../../../src/candles/series-reader.js';
import type { Interval } from '../../../src/common/interval.js';
import { BinanceServer } from '../../support/binance-server.js';
import { at, everywhere, shifted } from '../../support/binance/misdeeds.js';
import { BinanceWebsocket } from '../../support/binance-websocket.js';
import { generateCandles } from '../../support/candle-files.js';
import { candleAt } from '../../support/candles.js';
import { openCollectingFrom } from '../../support/collecting-from-server.js';
import { ManualClock } from '../../support/fixtures/manual-clock.js';
import { until } from '../../support/fixtures/until.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** An exchange whose candles of `interval` open at `from` and every `step` ms after, and what collects them at `now`. */
async function openTest(interval: Interval, from: number, step: number, now: number) {
  const clock = new ManualClock(now);
  const count = Math.floor((now - from) / step) + 3;
  const candles = generateCandles({ from, count, step });
  const server = await BinanceServer.start({
    markets: [{ symbol: 'BTC/USDT', candles: [], series: { [interval]: candles } }],
    now: () => clock.now(),
  });
  onTestFinished(() => server.close());
  return { clock, server, candles, closed: candles.filter(({ openTime }) => openTime + step <= now) };
}

describe('days and weeks that begin elsewhere than at midnight UTC and on Mondays (ccxt 2805, 15571, 29395)', () => {
  const NOW = Date.UTC(2024, 2, 1, 20);

  it.each<[string, Interval, number, number, number]>([
    ["OKX's six hours of Hong Kong", '6h', Date.UTC(2024, 0, 31, 16), 6 * HOUR, -2 * HOUR],
    ["OKX's twelve hours of Hong Kong", '12h', Date.UTC(2024, 0, 31, 16), 12 * HOUR, 4 * HOUR],
    ["OKX's days of Hong Kong", '1d', Date.UTC(2023, 11, 31, 16), DAY, -8 * HOUR],
    ["KuCoin's days of 2018", '1d', Date.UTC(2024, 0, 1, 11), DAY, 11 * HOUR],
    ["KuCoin's weeks", '1w', Date.UTC(2023, 0, 5), 7 * DAY, 3 * DAY],
  ])('are collected by their own grid: %s', async (_, interval, from, step, anchor) => {
    const { server, clock, closed } = await openTest(interval, from, step, NOW);
    const test = await openCollectingFrom({ server, clock, since: from, interval });
    await test.collected();
    expect(await test.stored()).toEqual(closed);
    expect(await test.coverage()).toEqual([{ from, to: closed.at(-1)!.openTime + step, state: 'have' }]);
    expect(await test.quarantined()).toEqual([]);
    expect(test.series().anchor).toBe(anchor);

    const summary = await new SeriesReader(test.reader, clock).get(test.series().id);
    const [first, last] = [from, closed.at(-1)!.openTime];
    expect(summary).toMatchObject({ anchor, first, last, count: closed.length, quarantined: 0 });
    const forming = await test.reader.query<Array<{ open_time: number }>>('SELECT * FROM forming_candle');
    expect(forming.map(({ open_time }) => open_time)).toEqual([last + step]);
  });

  it('take the open one from the stream by that grid', async () => {
    const from = Date.UTC(2024, 0, 1, 16);
    const { server, clock, candles, closed } = await openTest('1d', from, DAY, NOW);
    const stream = await BinanceWebsocket.start();
    onTestFinished(() => stream.close());
    const both = { exchangeOptions: () => stream.exchangeOptions(server) };
    const test = await openCollectingFrom({ server: both, clock, since: from, interval: '1d', live: true });
    await test.collected();
    const pushed = { ...candles[closed.length]!, volume: '98765432109876543.5' };
    await until(async () => {
      stream.push({ symbol: 'BTC/USDT', interval: '1d', candle: pushed });
      clock.advance(100);
      return (await test.forming())?.volume === pushed.volume;
    });
    expect(await test.forming()).toEqual(pushed);
  });

  it('are told by two months too, although 30 days of history are none', async () => {
    const clock = new ManualClock(NOW);
    const opens = [0, 1, 2, 3].map((month) => Date.UTC(2023, 11 + month, 1) - 8 * HOUR);
    const candles = opens.map((openTime) => candleAt(openTime));
    const server = await BinanceServer.start({
      markets: [{ symbol: 'BTC/USDT', candles: [], series: { '1M': candles } }],
      now: () => clock.now(),
    });
    onTestFinished(() => server.close());
    const test = await openCollectingFrom({
      server,
      clock,
      backfill: { spanMs: 30 * DAY },
      interval: '1M',
    });
    await test.collected();
    // March has begun in UTC+8 as well: January and February are over.
    expect(await test.stored()).toEqual(candles.slice(1, 3));
    expect(test.series().anchor).toBe(-8 * HOUR);
    expect(await test.coverage()).toMatchObject([{ from: opens[1], to: opens[3], state: 'have' }]);
  });

  it('go on by that grid after the next boundary', async () => {
    const from = Date.UTC(2024, 0, 1, 16);
    const { server, clock, candles } = await openTest('1d', from, DAY, NOW);
    const test = await openCollectingFrom({ server, clock, since: from, interval: '1d' });
    await test.collected();
    const before = (await test.stored()).length;
    clock.advance(DAY);
    test.worker.requestSync();
    await expect.poll(async () => (await test.stored()).length, { timeout: 20_000 }).toBe(before + 1);
    expect(await test.stored()).toEqual(candles.slice(0, before + 1));
  });

  it.each<[string, number]>([
    ['their own', 0],
    ["another country's", 16 * HOUR],
  ])(
    'are found out where all first answers were off by an hour, on the first day, with %s grid',
    async (_, first) => {
      const from = Date.UTC(2024, 0, 1) + first;
      const { server, clock, candles, closed } = await openTest('1d', from, DAY, NOW);
      const stop = server.misbehave(everywhere, shifted(HOUR));
      const test = await openCollectingFrom({ server, clock, since: from, interval: '1d' });
      await test.collected();
      const wrong = await test.stored();
      expect(wrong.map(({ openTime }) => openTime - HOUR)).toEqual(
        closed.slice(0, wrong.length).map(({ openTime }) => openTime),
      );
      stop();
      clock.advance(DAY);
      test.worker.requestSync();
      const isRight = async () =>
        JSON.stringify(await test.stored()) === JSON.stringify(candles.slice(0, closed.length + 1));
      await until(async () => {
        if (await isRight()) return true;
        clock.advance(500);
        test.worker.requestBackfill();
        return false;
      });
      // What was kept is where it can be looked at, and the grid moves on no whim from then on.
      const rows = await test.quarantined();
      expect(rows.filter(({ reason }) => reason === 'off_grid').length).toBeGreaterThanOrEqual(wrong.length);
      expect(test.series().anchor ?? 0).toBe(first === 0 ? 0 : -8 * HOUR);
    },
  );

  it('stay as they are when the exchange errs on a later day, as a whole', async () => {
    const from = Date.UTC(2024, 0, 1);
    const { server, clock, candles, closed } = await openTest('1d', from, DAY, NOW);
    const test = await openCollectingFrom({ server, clock, since: from, interval: '1d' });
    await test.collected();
    await test.syncAt(Date.UTC(2024, 2, 3) + 2000);
    expect((await test.stored()).length).toBe(closed.length + 2);
    const stop = server.misbehave(everywhere, shifted(HOUR));
    await test.syncAt(Date.UTC(2024, 2, 4) + 2000);
    expect(test.series().anchor).toBeUndefined();
    expect(await test.stored()).toEqual(candles.slice(0, closed.length + 2));
    stop();
    await test.syncAt(Date.UTC(2024, 2, 5) + 2000);
    expect(await test.stored()).toEqual(candles.slice(0, closed.length + 4));
  });

  it('are not taken from one row that is off the grid', async () => {
    const from = Date.UTC(2024, 0, 1);
    const { server, clock, closed } = await openTest('1d', from, DAY, NOW);
    const slip = closed[10]!.openTime;
    server.misbehave(at(slip), shifted(HOUR));
    const test = await openCollectingFrom({ server, clock, since: from, interval: '1d' });
    await test.collected();
    expect(test.series().anchor).toBeUndefined();
    expect(await test.stored()).toEqual(closed.filter(({ openTime }) => openTime !== slip));
    expect(await test.quarantined()).toMatchObject([{ reason: 'off_grid', openTime: slip + HOUR }]);
  });
});
