import { describe, expect, it, onTestFinished } from 'vitest';
import { BinanceServer } from '../../support/binance-server.js';
import { between, having } from '../../support/binance/misdeeds.js';
import { generateCandles } from '../../support/candle-files.js';
import { openTestCollector } from '../../support/collector.js';
import { ManualClock } from '../../support/fixtures/manual-clock.js';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const OPEN = Date.UTC(2024, 0, 10);
const NOW = OPEN + 2000;

/** A market that was listed so many minutes ago, on an exchange that is much older. */
async function openListed(age: number, without: (minute: number) => boolean = () => false) {
  const clock = new ManualClock(NOW);
  const listed = OPEN - age * MINUTE;
  const candles = generateCandles({ from: listed, count: age }).filter((_, index) => !without(index));
  const markets = [{ symbol: 'NEW/USDT', candles }];
  const server = await BinanceServer.start({ markets, now: () => clock.now() });
  onTestFinished(() => server.close());
  const open = (backfill: string, file?: string) =>
    openTestCollector(server, clock, {
      markets: 'binance:NEW/USDT@1m',
      backfill,
      ...(file !== undefined && { file }),
    });
  /** Collects until a backfill has ended well. */
  const collect = async (backfill: string, file?: string) => {
    const before = server.klineRequests().length;
    const collector = await open(backfill, file);
    const stop = collector.start();
    const slots = async () => {
      const sql = `SELECT slot FROM job_run WHERE name LIKE 'backfill:%' AND outcome = 'ok' AND slot >= ?`;
      return (await collector.reader.query<unknown[]>(sql, [clock.now() - (clock.now() % 600_000)])).length;
    };
    await collector.runUntil(async () => (await slots()) > 0);
    await stop();
    return { ...collector, asked: server.klineRequests().slice(before) };
  };
  const times = candles.map(({ openTime }) => openTime);
  /** What the exchange shows from now on: of its candles those from this minute before noon on. */
  const show = (minutes: number) =>
    server.setMarket({
      symbol: 'NEW/USDT',
      candles: candles.filter(({ openTime }) => openTime >= OPEN - minutes * MINUTE),
    });
  return { clock, server, listed, times, open, collect, show };
}

describe('the listing date', () => {
  it('is found within a few requests, and nothing is walked through from 1970', async () => {
    const { listed, times, collect } = await openListed(5000);
    const { asked, coverage, openTimes, series } = await collect('1970-01-01');
    expect((await openTimes('NEW/USDT')).slice(0, times.length)).toEqual(times);
    expect((await coverage('NEW/USDT'))[0]).toMatchObject({ from: 0, to: listed, state: 'unlisted' });
    expect((await coverage('NEW/USDT')).some(({ state }) => state === 'missing')).toBe(false);
    expect((await series('NEW/USDT'))?.listedAt).toBe(listed);
    expect(asked.filter(({ query }) => Number(query['startTime']) < listed).length).toBeLessThan(30);
  });

  it('of a market younger than a page is told from holes', async () => {
    const { listed, collect } = await openListed(180);
    const { coverage } = await collect('1000d');
    const spans = await coverage('NEW/USDT');
    expect(spans.map(({ state }) => state)).toEqual(['unlisted', 'have']);
    expect(spans[0]!.to).toBe(listed);
  });

  it('is not an outage of two days that came after it', async () => {
    const outage = (minute: number) => minute >= 4000 && minute < 4000 + 2880;
    const { listed, times, collect } = await openListed(8000, outage);
    const { coverage, openTimes } = await collect('1000d');
    expect((await openTimes('NEW/USDT')).slice(0, times.length)).toEqual(times);
    const [before, first, hole, rest, ...more] = await coverage('NEW/USDT');
    expect([before?.state, first?.state, rest?.state, more]).toEqual(['unlisted', 'have', 'have', []]);
    // Missing, or empty where the repair has had its turn before the end.
    expect(['missing', 'empty']).toContain(hole?.state);
    expect(hole).toMatchObject({ from: listed + 4000 * MINUTE, to: listed + 6880 * MINUTE });
    expect(before?.to).toBe(listed);
  });

  it('is not looked for again after a restart; where more history is wanted, only in what is new', async () => {
    const { clock, listed, collect } = await openListed(3000);
    const first = await collect('2023-06-01');
    expect((await first.coverage('NEW/USDT'))[0]).toMatchObject({ to: listed, state: 'unlisted' });
    clock.advance(600_000);
    const again = await collect('2023-06-01', first.file);
    expect(again.asked.every(({ query }) => Number(query['startTime']) >= listed)).toBe(true);
    clock.advance(600_000);
    const longer = await collect('2015-01-01', first.file);
    const old = longer.asked.filter(
      ({ query }) => query['interval'] === '1m' && Number(query['startTime']) < listed,
    );
    expect(old.length).toBeGreaterThanOrEqual(2);
    expect(old.length).toBeLessThan(20);
    expect(old.every(({ query }) => Number(query['startTime']) < Date.UTC(2023, 5, 1))).toBe(true);
    expect((await longer.coverage('NEW/USDT'))[0]).toMatchObject({
      from: Date.UTC(2015, 0, 1),
      to: listed,
      state: 'unlisted',
    });
  });

  it('is that of the oldest row, also where that is no candle: a missing volume is no silence', async () => {
    const { listed, server, collect } = await openListed(5000);
    server.misbehave(between(listed, listed + 3000 * MINUTE), having('volume', null));
    const { coverage, reader } = await collect('1970-01-01');
    const spans = await coverage('NEW/USDT');
    expect(spans.map(({ state }) => state)).toEqual(['unlisted', 'missing', 'have']);
    expect(spans.map(({ to }) => to).slice(0, 2)).toEqual([listed, listed + 3000 * MINUTE]);
    const [{ rejections }] = await reader.query<[{ rejections: number }]>('SELECT rejections FROM series');
    expect(rejections).toBeGreaterThanOrEqual(3000);
  });

  it('is not claimed where all that is older has no time', async () => {
    const { listed, server, collect } = await openListed(3000);
    server.misbehave(between(listed, listed + 1500 * MINUTE), having('openTime', null));
    const { coverage } = await collect('12d');
    const spans = await coverage('NEW/USDT');
    expect(spans.filter(({ state, to }) => state === 'unlisted' && to > listed)).toEqual([]);
    expect(spans.filter(({ state }) => state === 'have').map(({ from }) => from)).toEqual([
      listed + 1500 * MINUTE,
    ]);
  });

  it('is looked for again the day after: the exchange may have had nothing to say of what is older at first', async () => {
    const { clock, listed, times, open, collect, show } = await openListed(9000);
    show(1500);
    const first = await collect('1970-01-01');
    expect((await first.coverage('NEW/USDT'))[0]).toMatchObject({
      to: OPEN - 1500 * MINUTE,
      state: 'unlisted',
    });
    show(9000);
    clock.advance(DAY - 600_000);
    const soon = await collect('1970-01-01', first.file);
    expect((await soon.coverage('NEW/USDT'))[0]).toMatchObject({
      to: OPEN - 1500 * MINUTE,
      state: 'unlisted',
    });
    clock.advance(1_200_000);
    const later = await collect('1970-01-01', first.file);
    expect((await later.coverage('NEW/USDT'))[0]).toMatchObject({ to: listed, state: 'unlisted', asked: 2 });
    expect((await later.series('NEW/USDT'))?.listedAt).toBe(listed);
    clock.advance(600_000);
    const last = await open('1970-01-01', first.file);
    last.start();
    const before = async () => (await last.openTimes('NEW/USDT')).filter((time) => time < OPEN);
    await last.runUntil(async () => (await before()).length === times.length);
    expect(await before()).toEqual(times);
  });

  it('is looked for again, and told from holes, where a longer history is wanted later', async () => {
    const { clock, listed, times, open, collect, show } = await openListed(4000);
    show(3000);
    const first = await collect('2024-01-05');
    expect((await first.coverage('NEW/USDT'))[0]).toMatchObject({
      to: OPEN - 3000 * MINUTE,
      state: 'unlisted',
    });
    clock.advance(600_000);
    const longer = await collect('2024-01-03', first.file);
    expect((await longer.coverage('NEW/USDT'))[0]).toMatchObject({ state: 'unlisted', asked: 2 });
    show(4000);
    clock.advance(2 * DAY);
    const later = await collect('2024-01-03', first.file);
    expect((await later.coverage('NEW/USDT'))[0]).toMatchObject({ to: listed, state: 'unlisted' });
    clock.advance(600_000);
    const last = await open('2024-01-03', first.file);
    last.start();
    const before = async () => (await last.openTimes('NEW/USDT')).filter((time) => time < OPEN);
    await last.runUntil(async () => (await before()).length === times.length);
    const states = (await last.coverage('NEW/USDT')).map(({ state }) => state);
    expect(states.slice(0, 2)).toEqual(['unlisted', 'have']);
  });

  it('is not believed of an exchange that shows no more what it has shown: it trims its history', async () => {
    const { clock, collect, show } = await openListed(9000);
    show(1500);
    const first = await collect('8d');
    expect((await first.coverage('NEW/USDT'))[0]).toMatchObject({ state: 'unlisted' });
    clock.advance(DAY);
    show(500);
    const later = await collect('8d', first.file);
    expect((await later.coverage('NEW/USDT')).slice(0, 3)).toMatchObject([
      { state: 'unlisted' }, // of a day that is not wanted any more
      { state: 'missing' },
      { from: OPEN - 1500 * MINUTE, state: 'have' },
    ]);
  });

  it('is not guessed at while there is no candle at all', async () => {
    const { clock, collect } = await openListed(0);
    const { coverage, asked } = await collect('1000d');
    expect(await coverage('NEW/USDT')).toEqual([]);
    expect(asked.length).toBeLessThan(40);
    expect(clock.now()).toBeLessThan(NOW + DAY);
  });
});
