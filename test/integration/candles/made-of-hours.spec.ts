import { describe, expect, it } from 'vitest';
import { CandlePages } from '../../../src/candles/candle-pages.js';
import { CandleReader } from '../../../src/candles/candle-reader.js';
import type { Candle } from '../../../src/candles/candle.js';
import type { CoverageState } from '../../../src/candles/coverage.js';
import { isMadeOf, type RollupInterval } from '../../../src/candles/rollup.js';
import { RollupReader } from '../../../src/candles/rollup-reader.js';
import { SeriesReader } from '../../../src/candles/series-reader.js';
import { SystemClock } from '../../../src/common/clock.js';
import { INTERVALS, type Interval } from '../../../src/common/interval.js';
import { candleAt, range } from '../../support/candles.js';
import { modelCandles } from '../../support/rollup-model.js';
import { openRollups } from '../../support/rollups.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Shortly before a month and a week begin. */
const START = Date.UTC(2024, 6, 1) - 5 * HOUR;
const HOURS = 40 * 24;
const MINUTES = range(0, HOURS * 60).map((minute) => candleAt(START + minute * MINUTE));
const LONGER = ['2h', '4h', '6h', '8h', '12h', '1d', '3d', '1w', '1M'] as const;

const of = (interval: RollupInterval): Candle[] => modelCandles(MINUTES, interval);
const line = ({ openTime, open, high, low, close, volume }: Candle) =>
  `[${[openTime, open, high, low, close, volume].join(',')}]`;

/** A market of which this interval is collected, and not its minutes. */
async function open(interval: RollupInterval, candles = of(interval)) {
  const test = await openRollups();
  const keep = async (
    kept: Interval,
    rows: readonly Candle[],
    spans: Array<[number, number, CoverageState]>,
  ) => {
    const series = await test.store.ensureSeries('x', 'C/D', kept);
    const lease = (await test.locks.acquire(`series:${series.id}`))!;
    const known = spans.map(([from, to, state]) => ({ from, to, state }));
    await test.store.commit(lease, { series, candles: rows, spans: known }, { lane: 'live' });
    return { series, lease };
  };
  const [first, last] = [candles[0]!.openTime, candles.at(-1)!.openTime];
  const step = candles[1]!.openTime - first;
  const kept = await keep(interval, candles, [[first, last + step, 'have']]);
  const clock = new SystemClock();
  const find = (wanted: Interval) => new SeriesReader(test.reader, clock).find('x', 'C/D', wanted);
  const pages = new CandlePages(new CandleReader(test.reader), new RollupReader(test.reader));
  const read = async (
    wanted: Interval,
    query: { from?: number; to?: number; limit?: number; closed?: boolean } = {},
  ) => pages.read(await find(wanted), { limit: 1000, order: 'asc', closed: true, format: 'json', ...query });
  return { ...test, ...kept, keep, find, read };
}

describe('a market of which only hours are collected', () => {
  it('answers every longer interval, in the digits that its minutes would give, page by page', async () => {
    const { read } = await open('1h');
    for (const interval of LONGER) {
      const pages: string[] = [];
      for (let from: number | null = 0; from !== null;) {
        const page = await read(interval, { from, limit: 7 });
        if (page.text.length > 0) pages.push(page.text.toString());
        from = page.next;
      }
      expect(pages.join(','), interval).toBe(of(interval).map(line).join(','));
    }
  });

  it('says which of them have holes, and shows the open one when it is asked for', async () => {
    const hours = of('1h');
    const hole = Date.UTC(2024, 6, 10, 4);
    const { read, store, series, lease } = await open('1h', hours);
    const before = { from: START - 40 * HOUR, to: START, state: 'unlisted' } as const;
    await store.commit(lease, { series, candles: [], spans: [before] }, { lane: 'live' });
    expect((await read('1d', { from: 0 })).partial).toEqual([]);
    const holed = await open(
      '1h',
      hours.filter(({ openTime }) => openTime !== hole),
    );
    const day = Date.UTC(2024, 6, 10);
    expect((await holed.read('1d', { from: day, to: day + 24 * HOUR })).partial).toEqual([day]);

    const openTime = hours.at(-1)!.openTime + HOUR;
    await store.saveForming(lease, series, { ...candleAt(openTime), high: '99999999' });
    expect((await read('4h', { closed: false })).text.toString()).toContain(',99999999,');
    expect((await read('4h')).text.toString()).not.toContain(',99999999,');
  });

  it('is asked for the longest interval that makes the one that is wanted, and for minutes once there are some', async () => {
    const { find, keep } = await open('1h');
    await keep('4h', of('4h'), []);
    expect(await find('1d')).toMatchObject({ series: { interval: '4h' }, rollup: '1d' });
    expect(await find('2h')).toMatchObject({ series: { interval: '1h' }, rollup: '2h' });
    expect(await find('4h')).toMatchObject({ series: { interval: '4h' }, rollup: null });
    await expect(find('30m')).rejects.toMatchObject({ code: 'INTERVAL_NOT_KEPT' });
    await keep('1m', MINUTES.slice(0, 10), []);
    expect(await find('1d')).toMatchObject({ series: { interval: '1m' }, rollup: '1d' });
  });

  it('gives fewer candles at once than were asked for where they are made of very many, and where to go on', async () => {
    const { read } = await open('1h');
    const page = await read('1M', { from: 0, limit: 10_000 });
    expect(page.next).toBeNull();
    expect(page.text.toString()).toBe(of('1M').map(line).join(','));
  });

  it('makes no weeks of days that begin elsewhere', async () => {
    const { find, writer } = await open('1d');
    expect(await find('1w')).toMatchObject({ series: { interval: '1d' }, rollup: '1w' });
    await writer.query(`UPDATE series SET anchor = -28800000 WHERE interval = '1d'`);
    await expect(find('1w')).rejects.toMatchObject({ code: 'INTERVAL_NOT_KEPT' });
  });
});

it('tells of any two intervals whether candles of one lie in candles of the other without a rest', () => {
  const sources = INTERVALS.map((interval) => [
    interval,
    INTERVALS.filter((source) => isMadeOf(interval, source)).join(' '),
  ]);
  expect(Object.fromEntries(sources)).toEqual({
    '1m': '',
    '3m': '1m',
    '5m': '1m',
    '15m': '1m 3m 5m',
    '30m': '1m 3m 5m 15m',
    '1h': '1m 3m 5m 15m 30m',
    '2h': '1m 3m 5m 15m 30m 1h',
    '4h': '1m 3m 5m 15m 30m 1h 2h',
    '6h': '1m 3m 5m 15m 30m 1h 2h',
    '8h': '1m 3m 5m 15m 30m 1h 2h 4h',
    '12h': '1m 3m 5m 15m 30m 1h 2h 4h 6h',
    '1d': '1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h',
    '3d': '1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d',
    '1w': '1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d',
    '1M': '1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d',
  });
});
