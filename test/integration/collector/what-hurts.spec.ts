import { describe, expect, it, onTestFinished } from 'vitest';
import type { Candle } from '../../../src/candles/candle.js';
import { CandleReader } from '../../../src/candles/candle-reader.js';
import { RollupReader } from '../../../src/candles/rollup-reader.js';
import { CcxtClient } from '../../../src/exchanges/ccxt/ccxt.client.js';
import { BinanceServer } from '../../support/binance-server.js';
import { at, having } from '../../support/binance/misdeeds.js';
import { generateCandles } from '../../support/candle-files.js';
import { openCollecting } from '../../support/collecting.js';
import { ManualClock } from '../../support/fixtures/manual-clock.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SYMBOL = 'BTC/USDT';
const NOON = Date.UTC(2024, 0, 8, 12);
/** Some days before noon, and two after it. */
const SINCE = NOON - 4 * DAY;
const TRUTH = generateCandles({ from: SINCE, count: (6 * DAY) / MINUTE });
const isIn = (from: number, to: number) => (candle: Candle) =>
  candle.openTime >= from && candle.openTime < to;

/** Binance as ccxt sees it, and a worker that collects from it; the clock of both stands at two seconds past noon. */
async function collect(
  answers: (candles: readonly Candle[]) => readonly Candle[] = (candles) => candles,
  truth: readonly Candle[] = TRUTH,
) {
  const clock = new ManualClock(NOON + 2000);
  const server = await BinanceServer.start({ now: () => clock.now() });
  const client = new CcxtClient(
    'binance',
    { ...server.exchangeOptions().binance, enableRateLimit: false },
    clock,
  );
  onTestFinished(async () => {
    await client.close();
    await server.close();
  });
  let view = answers;
  /** What the exchange sends from now on: of what it has at this time. */
  const serve = (next = view) => {
    view = next;
    const candles = truth.filter(({ openTime }) => openTime <= clock.now());
    server.setMarket({ symbol: SYMBOL, candles: view(candles) });
  };
  serve();
  const collecting = await openCollecting({ clock, client, symbol: SYMBOL, since: truth[0]!.openTime });
  const pass = async (ms: number) => {
    clock.advance(ms);
    serve();
    await collecting.pass(0);
  };
  /** Every candle that has closed, but for those that the exchange never had. */
  const expectAll = async (never: (candle: Candle) => boolean = () => false) => {
    const closed = truth.filter((candle) => candle.openTime + MINUTE <= clock.now() && !never(candle));
    const stored = await collecting.candles();
    expect(stored.length).toBe(closed.length);
    expect(
      stored.filter((candle, index) => JSON.stringify(candle) !== JSON.stringify(closed[index])),
    ).toEqual([]);
    expect(await collecting.summary()).toMatchObject({
      completeness: 1,
      missing: 0,
      gaps: 0,
      count: closed.length,
    });
  };
  return { ...collecting, clock, server, serve, pass, expectAll };
}

describe('what hurts elsewhere', () => {
  it('holes that are never filled, since only what is new is appended (freqtrade 11460, 10461)', async () => {
    const holes = [
      isIn(NOON - 3 * DAY, NOON - 3 * DAY + MINUTE),
      isIn(NOON - 2 * DAY, NOON - 2 * DAY + 700 * MINUTE),
      isIn(NOON - 100 * MINUTE, NOON - 97 * MINUTE),
    ];
    const inHole = (candle: Candle) => holes.some((hole) => hole(candle));
    const { start, pass, serve, summary, expectAll, rereads } = await collect((all) =>
      all.filter((candle) => !inHole(candle)),
    );
    await start();
    expect(await summary()).toMatchObject({ missing: 704, gaps: 3 });
    serve((all) => all);
    await pass(5 * MINUTE);
    await expectAll();
    expect(rereads.filter(({ task }) => task === 'repair')).toHaveLength(3);
    expect(rereads.reduce((sum, { filled }) => sum + filled, 0)).toBe(704);
  });

  it('a hole that fakes a profit (freqtrade 7407): no candle is made up for it, and whoever reads across it is told', async () => {
    const hole = isIn(NOON - DAY, NOON - DAY + 30 * MINUTE);
    const { start, series, candles, summary, reader } = await collect((all) => all.filter((it) => !hole(it)));
    await start();
    const truth = TRUTH.filter((it) => it.openTime < NOON && !hole(it));
    expect(await candles()).toEqual(truth);
    expect(await summary()).toMatchObject({ missing: 30, gaps: 1 });
    const query = { seriesId: series.id, from: NOON - DAY - 2 * HOUR, to: NOON - DAY + 2 * HOUR };
    const page = { limit: 1000, order: 'asc', closed: true, format: 'csv' } as const;
    const { text } = await new CandleReader(reader).read({ ...query, ...page });
    expect(text.toString().trim().split('\n')).toHaveLength(4 * 60 - 30);
    const { partial } = await new RollupReader(reader).read({
      ...query,
      ...page,
      interval: '1h',
      source: '1m',
    });
    expect(partial).toEqual([NOON - DAY]);
  });

  it('a price of which %f leaves 0.000007 (ninjabot 72, SHIB): every digit is kept, and none is written as 7e-6', async () => {
    const tiny = { open: '0.00000725', high: '0.00000731', low: '0.00000719', close: '0.00000726' };
    const shib = (all: readonly Candle[]) => all.map((it) => ({ ...it, ...tiny, volume: '123456789012.1' }));
    const { start, series, candles, reader } = await collect(shib);
    await start();
    expect(await candles()).toEqual(shib(TRUTH.filter(({ openTime }) => openTime < NOON)));
    const page = { limit: 1, order: 'asc', closed: true, format: 'json' } as const;
    const { text } = await new CandleReader(reader).read({ seriesId: series.id, from: SINCE, ...page });
    expect(text.toString()).toContain(`${SINCE},0.00000725,0.00000731,0.00000719,0.00000726,123456789012.1`);
  });

  it('a two-day outage of the exchange that aborts the import (jesse 78, 442)', async () => {
    const outage = isIn(NOON - 3 * DAY, NOON - DAY);
    const { start, pass, states, summary, expectAll } = await collect((all) =>
      all.filter((it) => !outage(it)),
    );
    await start();
    // Everything around it is there, and the hole is what it is.
    expect(await states()).toEqual(['have', 'missing', 'have']);
    expect(await summary()).toMatchObject({ first: SINCE, count: 2 * 1440, missing: 2 * 1440, gaps: 1 });
    await pass(5 * MINUTE);
    expect(await states()).toEqual(['have', 'empty', 'have']);
    await expectAll(outage);
  });

  it('an outage that the exchange fills afterwards', async () => {
    const outage = isIn(NOON - 3 * DAY, NOON - DAY);
    const { start, pass, serve, states, expectAll } = await collect((all) => all.filter((it) => !outage(it)));
    await start();
    await pass(5 * MINUTE);
    await expectAll(outage);
    serve((all) => all);
    await pass(DAY);
    await expectAll();
    expect(await states()).toEqual(['have']);
  });

  it.each<[string, [number, number], number]>([
    ['two days of it, filled on the third', [3 * DAY, DAY], 3],
    ['an hour of it, filled after a week', [6 * HOUR, 5 * HOUR], 7],
    ['long past when it was first seen, filled the day after', [11 * DAY, 9 * DAY], 1],
  ])(
    'an outage that the exchange fills days later: %s',
    async (_, [from, to], days) => {
      const outage = isIn(NOON - from, NOON - to);
      const truth = generateCandles({ from: NOON - 12 * DAY, count: (12 + 2 * days + 2) * 1440 });
      const { start, pass, serve, states, expectAll } = await collect(
        (all) => all.filter((it) => !outage(it)),
        truth,
      );
      await start();
      await pass(5 * MINUTE);
      expect(await states()).toEqual(['have', 'empty', 'have']);
      for (let day = 0; day < days; day += 1) await pass(DAY);
      serve((all) => all);
      // As long again at the most, since the time between two looks doubles.
      for (let day = 0; day <= days; day += 1) await pass(DAY);
      await expectAll();
      expect(await states()).toEqual(['have']);
    },
    120_000,
  );

  it('an exchange that shows its newest candles only (Kraken: 720): older ones are missing, and no hour is whole that lacks some', async () => {
    const { start, tick, settled, clock, serve, server, series, reader, states, summary, store, expectAll } =
      await collect();
    const step = { '1d': DAY, '1w': 7 * DAY };
    const longer = (interval: '1d' | '1w', from: number) =>
      generateCandles({ from, count: 2 + (NOON - from) / step[interval], step: step[interval] });
    const keep = () => {
      const candles = TRUTH.filter(({ openTime }) => openTime <= clock.now()).slice(-690);
      const [weeks, days] = [longer('1w', Date.UTC(2023, 0, 2)), longer('1d', Date.UTC(2023, 0, 1))];
      server.setMarket({ symbol: SYMBOL, candles, series: { '1w': weeks, '1d': days } });
    };
    keep();
    await start();
    expect(await states()).toEqual(['missing', 'have']);
    const missing = (NOON - SINCE) / MINUTE - 689;
    expect(await summary()).toMatchObject({
      count: 689,
      missing,
      gaps: 1,
      completeness: 689 / (689 + missing),
    });
    const query = {
      seriesId: series.id,
      from: SINCE,
      to: NOON,
      limit: 1000,
      interval: '1h',
      source: '1m',
    } as const;
    const page = { order: 'asc', closed: true, format: 'csv' } as const;
    expect((await new RollupReader(reader).read({ ...query, ...page })).partial).toEqual([NOON - 12 * HOUR]);

    for (let run = 0; run < 2; run += 1) {
      clock.advance(11 * HOUR);
      keep();
      tick(0);
      await settled();
    }
    expect(await store.coverage(series)).toMatchObject([
      { from: SINCE, state: 'missing' },
      { to: NOON + 22 * HOUR, state: 'have' },
    ]);
    // Nothing is given up: what the exchange shows again is taken.
    clock.advance(DAY);
    serve();
    tick(0);
    await settled();
    await expectAll();
  });

  it('an exchange that answers with empty lists for hours: nothing is called empty', async () => {
    const hole = isIn(NOON - 3 * DAY, NOON - 3 * DAY + 5 * MINUTE);
    const { start, pass, serve, states, expectAll } = await collect((all) => all.filter((it) => !hole(it)));
    await start();
    serve(() => []);
    for (const minutes of [5, 15, 45]) await pass(minutes * MINUTE);
    expect(await states()).toEqual(['have', 'missing', 'have']);
    serve((all) => all);
    await pass(3 * HOUR);
    await expectAll();
  });

  it('a restart that restarts the backfill, and downtime that is never filled (marketstore 431, cryptostore 74)', async () => {
    const { start, stop, pass, clock, server, serve, expectAll, states } = await collect();
    server.fault = () => (server.klineRequests().length > 4 ? { status: 503 } : undefined);
    await start();
    await stop();
    const before = server.klineRequests().map(({ query }) => Number(query['startTime']));
    expect(await states()).toEqual(['have']);
    server.fault = undefined;
    clock.advance(DAY);
    serve();
    await start();
    await pass(20 * MINUTE);
    await expectAll();
    // No page of history that had been committed was asked for again, but for what has come of age: settlement.
    const again = server
      .klineRequests()
      .slice(before.length)
      .map(({ query }) => Number(query['startTime']))
      .filter((from) => from < NOON - DAY);
    const committed = before.filter((from) => from < NOON).slice(0, 2);
    expect(again.filter((from) => committed.includes(from))).toEqual([]);
  });

  it('a forming candle that is sent as closed: only its close is wrong, so no check sees it (freqtrade PR 13397, hummingbot 7529, python-binance 741)', async () => {
    const last = NOON - MINUTE;
    const { start, pass, serve, candles, revisions, summary, expectAll } = await collect((all) =>
      all.map((candle) => (candle.openTime === last ? { ...candle, close: candle.open } : candle)),
    );
    await start();
    const truth = TRUTH.find(({ openTime }) => openTime === last)!;
    expect((await candles()).at(-1)).toMatchObject({ openTime: last, close: truth.open });
    serve((all) => all);
    await pass(MINUTE);
    await expectAll();
    expect(await revisions()).toEqual([{ ...truth, close: truth.open }]);
    expect(await summary()).toMatchObject({ revisions: 1 });
  });

  it('a volume that changes hours after the close (ccxt 6742, Kraken)', async () => {
    const changed = isIn(NOON - 30 * MINUTE, NOON - 20 * MINUTE);
    const { start, pass, serve, revisions, summary, expectAll } = await collect((all) =>
      all.map((candle) => (changed(candle) ? { ...candle, volume: '0.00000001' } : candle)),
    );
    await start();
    serve((all) => all);
    await pass(12 * HOUR);
    expect(await summary()).toMatchObject({ revisions: 0 });
    await pass(12 * HOUR);
    await expectAll();
    expect(await summary()).toMatchObject({ revisions: 10 });
    const former = TRUTH.filter(changed).map((candle) => ({ ...candle, volume: '0.00000001' }));
    expect(await revisions()).toEqual(former);
  });

  describe('a candle that was wrong when it was first read, and which the exchange does not show a day later', () => {
    const bad = NOON - 2 * HOUR;
    const LONG = generateCandles({ from: NOON - DAY, count: (14 * DAY) / MINUTE });
    const falsified = (all: readonly Candle[]) =>
      all.map((candle) => (candle.openTime === bad ? { ...candle, volume: '1' } : candle));

    it('since it answers once with an empty list, after four days without a process', async () => {
      const { start, stop, pass, serve, server, clock, expectAll } = await collect(falsified, LONG);
      await start();
      await stop();
      clock.advance(4 * DAY);
      serve((all) => all);
      let empties = 0;
      server.fault = ({ path, query }) => {
        const from = Number(query['startTime']);
        const isOfIt = path.endsWith('/klines') && from <= bad && from + 1000 * MINUTE > bad;
        if (!isOfIt || empties > 0) return undefined;
        empties += 1;
        return { status: 200, body: '[]' };
      };
      await start();
      for (let run = 0; run < 6; run += 1) await pass(6 * HOUR);
      expect(empties).toBe(1);
      await expectAll();
    });

    it.each<[string, (all: readonly Candle[]) => readonly Candle[]]>([
      [
        'since it leaves out the hour around it',
        (all) => all.filter((it) => Math.abs(it.openTime - bad) > HOUR),
      ],
      ['since its lists end before it', (all) => all.filter((it) => it.openTime < bad - HOUR)],
      ['since all its lists are empty', () => []],
    ])(
      '%s, for a day: it is read again until it comes',
      async (_, answers) => {
        const { start, pass, serve, revisions, expectAll } = await collect(falsified, LONG);
        await start();
        serve((all) => all);
        for (let run = 0; run < 10; run += 1) await pass(2 * HOUR);
        serve(answers);
        for (let run = 0; run < 8; run += 1) await pass(3 * HOUR);
        serve((all) => all);
        for (let run = 0; run < 10; run += 1) await pass(12 * HOUR);
        await expectAll();
        expect(await revisions()).toMatchObject([{ openTime: bad, volume: '1' }]);
      },
      60_000,
    );

    it('since it sends it without a volume: it is read again until it is one', async () => {
      const { start, pass, serve, server, revisions, expectAll } = await collect(falsified, LONG);
      await start();
      serve((all) => all);
      const stop = server.misbehave(at(bad), having('volume', null));
      for (let run = 0; run < 15; run += 1) await pass(2 * HOUR);
      stop();
      for (let run = 0; run < 8; run += 1) await pass(12 * HOUR);
      await expectAll();
      expect(await revisions()).toMatchObject([{ openTime: bad, volume: '1' }]);
    }, 60_000);
  });

  describe('an exchange that refuses to be asked for what is too long ago (Gate: 10,000 candles)', () => {
    const SERVED = 2500;
    const refuse = ({ server, clock }: Pick<Awaited<ReturnType<typeof collect>>, 'server' | 'clock'>) => {
      server.fault = ({ path, query }) => {
        if (!path.endsWith('/klines') || query['interval'] !== '1m') return undefined;
        if (Number(query['startTime']) >= clock.now() - SERVED * MINUTE) return undefined;
        const msg = 'Candlestick too long ago. Maximum 2500 points ago are allowed';
        return { status: 400, body: JSON.stringify({ code: -1130, msg }) };
      };
    };

    it('gives all that it serves, and what it refuses is missing', async () => {
      const test = await collect();
      refuse(test);
      await test.start();
      for (let run = 0; run < 12; run += 1) await test.pass(5 * MINUTE);
      const { count, missing, completeness } = await test.summary();
      expect(count).toBeGreaterThanOrEqual(SERVED - 5);
      expect(count + missing).toBe((test.clock.now() - 2000 - SINCE) / MINUTE);
      expect(completeness).toBeLessThan(1);
      expect(await test.states()).toEqual(['missing', 'have']);
    });

    it('is asked for the part of a hole that it still serves', async () => {
      const truth = generateCandles({ from: NOON - 900 * MINUTE, count: 7 * 1440 });
      const outage = isIn(NOON, NOON + 1400 * MINUTE);
      const test = await collect((all) => all.filter((it) => !outage(it)), truth);
      refuse(test);
      await test.start();
      for (let run = 0; run < 25; run += 1) await test.pass(100 * MINUTE);
      test.serve((all) => all);
      for (let run = 0; run < 40; run += 1) await test.pass(20 * MINUTE);
      const filled = (await test.candles()).filter((row) => outage(row as unknown as Candle));
      expect(filled.length).toBeGreaterThan(600);
    }, 60_000);
  });

  it('a candle that comes late, when the next is there already: it takes an interval, and no request of its own', async () => {
    const late = NOON;
    const { start, pass, serve, server, summary, expectAll } = await collect((all) =>
      all.filter(({ openTime }) => openTime !== late),
    );
    await start();
    await pass(2 * MINUTE);
    expect(await summary()).toMatchObject({ missing: 1, gaps: 1 });
    serve((all) => all);
    const asked = server.klineRequests().length;
    await pass(MINUTE);
    await expectAll();
    expect(server.klineRequests().length - asked).toBe(1);
  });
});
