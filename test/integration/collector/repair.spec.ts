import { describe, expect, it } from 'vitest';
import { ExchangeError } from '../../../src/exchanges/exchange-errors.js';
import { openCollecting } from '../../support/collecting.js';
import { candleAt } from '../../support/candles.js';
import { ManualClock } from '../../support/fixtures/manual-clock.js';
import { ScriptedExchange } from '../../support/fixtures/scripted-exchange.js';
import { until } from '../../support/fixtures/until.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2024, 0, 1, 12) + 2000;
const OPEN = NOW - 2000;
const HISTORY = 60;
const SINCE = OPEN - HISTORY * MINUTE;

/** Minutes before noon. */
const before = (minutes: number) => OPEN - minutes * MINUTE;

async function open() {
  const clock = new ManualClock(NOW);
  const exchange = new ScriptedExchange(() => clock.now(), 30);
  const collecting = await openCollecting({ clock, client: exchange, symbol: 'A/B', since: SINCE });
  const runs = async (job: string) =>
    collecting.reader.query<Array<{ slot: number; outcome: string | null }>>(
      'SELECT slot, outcome FROM job_run WHERE name = ? ORDER BY slot',
      [`${job}:${collecting.series.id}`],
    );
  /** Requests since the last call of this. */
  let seen = 0;
  const asked = () => exchange.requests.slice(seen, (seen = exchange.requests.length));
  return { ...collecting, clock, exchange, runs, asked };
}

describe('repair', () => {
  it('asks again for a hole after a while, and fills it with what has come in the meantime', async () => {
    const { exchange, start, pass, summary, candles, runs, states, asked } = await open();
    exchange.has = (openTime) => openTime < before(40) || openTime >= before(35);
    await start();
    expect(await summary()).toMatchObject({ count: 55, missing: 5, gaps: 1, completeness: 55 / 60 });
    exchange.has = () => true;
    await pass(4 * MINUTE); // too early
    expect(await states()).toEqual(['have', 'missing', 'have']);
    expect(await runs('repair')).toEqual([]);

    asked();
    await pass(MINUTE);
    expect(asked()).toContainEqual({ from: before(41), to: before(34) });
    expect(await summary()).toMatchObject({ count: 65, missing: 0, gaps: 0, completeness: 1 });
    expect((await candles()).map(({ openTime }) => openTime)).toEqual(
      Array.from({ length: 65 }, (_, index) => SINCE + index * MINUTE),
    );
    expect(await runs('repair')).toMatchObject([{ outcome: 'ok' }]);
  });

  it('calls a hole empty that shows candles on both its sides, and looks at it again after a day, then 2, 4, 8, …', async () => {
    const { exchange, start, pass, states, store, series, summary, rereads, withoutSettlement } =
      await open();
    await withoutSettlement();
    const hole = (openTime: number) => openTime >= before(40) && openTime < before(35);
    exchange.has = (openTime) => !hole(openTime);
    await start();
    await pass(5 * MINUTE);
    expect(await states()).toEqual(['have', 'empty', 'have']);
    expect(await summary()).toMatchObject({ missing: 0, gaps: 0, completeness: 1 });
    const repairs = () => rereads.filter(({ task }) => task === 'repair').length;
    expect(repairs()).toBe(1);
    expect(rereads[0]).toMatchObject({ exchange: 'scripted', filled: 0, confirmed: 5 });

    await pass(23 * HOUR);
    expect(repairs()).toBe(1);
    await pass(HOUR);
    expect(repairs()).toBe(2);
    expect((await store.coverage(series))[1]).toMatchObject({ state: 'empty', asked: 2 });
    for (const days of [2, 4, 8]) {
      const asked = repairs();
      await pass(days * DAY - HOUR);
      expect(repairs(), `within ${days} days`).toBe(asked);
      await pass(HOUR);
      expect(repairs(), `after ${days} days`).toBe(asked + 1);
    }
    expect((await store.coverage(series))[1]).toMatchObject({ state: 'empty', asked: 5 });
  });

  it('takes in what turns up where a hole was called empty', async () => {
    const { exchange, start, pass, states, summary, clock, withoutSettlement } = await open();
    await withoutSettlement();
    exchange.has = (openTime) =>
      openTime < before(40) || openTime >= before(35) || clock.now() > NOW + 9 * HOUR;
    await start();
    await pass(5 * MINUTE);
    expect(await states()).toEqual(['have', 'empty', 'have']);
    await pass(DAY);
    await pass(10 * MINUTE);
    expect(await states()).toEqual(['have']);
    expect(await summary()).toMatchObject({ completeness: 1, gaps: 0, revisions: 0 });
  });

  it('waits longer each time, a day at most, and never gives up', async () => {
    const { exchange, start, pass, asked, withoutSettlement } = await open();
    await withoutSettlement();
    const hole = (openTime: number) => openTime >= before(40) && openTime < before(35);
    // Nothing from before the hole either: then nothing can be said of it.
    let old = true;
    exchange.has = (openTime) => !hole(openTime) && (old || openTime >= before(35));
    await start();
    old = false;
    const wasAsked = () => asked().some(({ from, to }) => from <= before(40) && to >= before(35));
    for (const minutes of [5, 15, 45, 135, 405, 1215, 1440, 1440, 1440]) {
      asked();
      await pass((minutes - 5) * MINUTE);
      expect(wasAsked(), `within ${minutes} minutes`).toBe(false);
      await pass(5 * MINUTE);
      expect(wasAsked(), `after ${minutes} minutes`).toBe(true);
    }
  });

  it('is one run per fire time, and none where nothing is due', async () => {
    const { start, pass, runs } = await open();
    await start();
    for (let round = 0; round < 3; round += 1) await pass(5 * MINUTE);
    expect(await runs('repair')).toEqual([]);
  });

  it('goes on after the exchange has failed in its middle, without a word lost', async () => {
    const { exchange, start, pass, clock, states, log } = await open();
    exchange.has = (openTime) => openTime < before(40) || openTime >= before(35);
    await start();
    exchange.script = ({ to }) => {
      if (to === before(34)) throw new ExchangeError('EXCHANGE_UNAVAILABLE', 'down');
    };
    await pass(5 * MINUTE);
    expect(log.named('collector.task.failed')).toMatchObject([{ task: 'RepairTask' }]);
    expect(await states()).toEqual(['have', 'missing', 'have']);
    exchange.script = () => undefined;
    clock.advance(2000);
    await pass(0);
    expect(await states()).toEqual(['have', 'empty', 'have']);
  });

  it('moves nothing when its lease is another’s by then', async () => {
    const { exchange, start, tick, states, writer, log } = await open();
    exchange.has = (openTime) => openTime < before(40) || openTime >= before(35);
    await start();
    exchange.script = async ({ to }) => {
      if (to !== before(34)) return;
      await writer.query(
        `UPDATE job_lock SET fence = fence + 1, holder = 'thief', expires_at = 9000000000000000 WHERE name LIKE 'series:%'`,
      );
    };
    exchange.has = () => true;
    tick(5 * MINUTE);
    await until(() => log.named('lock.lost').length === 1);
    expect(await states()).toEqual(['have', 'missing', 'have']);
  });
});

describe('settlement', () => {
  it('reads each candle again one interval after it closed, with the request that brings the next', async () => {
    const { exchange, start, pass, asked, revisions, summary } = await open();
    await start();
    asked();
    const late = before(1);
    exchange.revised = (openTime) => (openTime === late ? 7 : 0);
    await pass(MINUTE);
    expect(asked().filter(({ from }) => from < OPEN)).toEqual([{ from: before(2), to: OPEN + 2 * MINUTE }]);
    const { openTime: _, ...former } = candleAt(late);
    expect(await revisions()).toMatchObject([{ openTime: late, ...former }]);
    expect(await summary()).toMatchObject({ revisions: 1 });
  });

  it('leaves what is known of a hole as it is, when sync comes across it again', async () => {
    const { exchange, start, pass, store, series } = await open();
    exchange.has = (openTime) => openTime !== OPEN;
    await start();
    await pass(2 * MINUTE);
    const found = (await store.coverage(series))[1];
    expect(found).toMatchObject({ from: OPEN, state: 'missing', asked: 1, askedAt: NOW + 2 * MINUTE });
    await pass(MINUTE);
    expect((await store.coverage(series))[1]).toEqual(found);
  });

  it('reads each candle again a day after it closed, in pages, and none twice', async () => {
    const { exchange, start, pass, asked, revisions, store, series } = await open();
    await start();
    await pass(HOUR);
    // What is a day old at the start had settled when it was first read.
    expect((await store.progress(series)).settledTo).toBe(NOW - DAY + HOUR - 2000);
    exchange.revised = (openTime) => (openTime === before(20) ? 1 : 0);
    await pass(23 * HOUR);
    asked();
    await pass(HOUR);
    const day = asked().filter(({ to }) => to <= OPEN + HOUR);
    expect(day).toEqual([
      { from: OPEN, to: OPEN + 30 * MINUTE },
      { from: OPEN + 30 * MINUTE, to: OPEN + HOUR },
    ]);
    expect(await revisions()).toMatchObject([{ openTime: before(20) }]);
    expect((await store.progress(series)).settledTo).toBe(OPEN + HOUR);
  });

  it('catches up after days without a process', async () => {
    const { exchange, start, stop, pass, revisions, store, series, clock, summary } = await open();
    await start();
    await stop();
    exchange.revised = (openTime) => (openTime === before(20) ? 1 : 0);
    clock.advance(3 * DAY);
    await start();
    await pass(HOUR);
    expect(await revisions()).toMatchObject([{ openTime: before(20) }]);
    expect((await store.progress(series)).settledTo).toBe(OPEN + 2 * DAY + HOUR);
    expect(await summary()).toMatchObject({ completeness: 1, gaps: 0 });
  });

  it('asks again later and later for what does not come, for five days, and goes on behind it meanwhile', async () => {
    const { exchange, start, pass, store, series, revisions, asked } = await open();
    await start();
    exchange.has = (openTime) => openTime >= OPEN; // it keeps no more than that
    await pass(DAY);
    const stuck = (await store.progress(series)).settledTo;
    expect(stuck).toBe(SINCE);
    exchange.revised = (openTime) => (openTime === OPEN + 5 * MINUTE ? 1 : 0);
    await pass(HOUR);
    expect(await revisions()).toMatchObject([{ openTime: OPEN + 5 * MINUTE }]);
    const isAsked = () => asked().some(({ from }) => from === SINCE);
    expect(isAsked()).toBe(true);
    for (const hours of [3, 9, 27, 81]) {
      await pass((hours - 1) * HOUR);
      expect(isAsked(), `within ${hours} hours`).toBe(false);
      expect((await store.progress(series)).settledTo).toBe(SINCE);
      await pass(HOUR);
      expect(isAsked(), `after ${hours} hours`).toBe(true);
    }
    expect((await store.progress(series)).settledTo).toBeGreaterThan(OPEN + 4 * DAY);
  });
});
