import { describe, expect, it } from 'vitest';
import type { Candle } from '../../../src/candles/candle.js';
import { candleAt, range } from '../../support/candles.js';
import { modelRollups } from '../../support/rollup-model.js';
import { openRollups } from '../../support/rollups.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const FLAT = { open: '0.00000712', high: '0.00000713', low: '0.00000711', close: '0.00000712' };
const START = Date.UTC(2024, 0, 10, 9);
const at = (minute: number) => candleAt(START + minute * MINUTE);

describe('rollups', () => {
  it('add up volumes of twelve digits and eight decimals to the last of them', async () => {
    const { commit, rollups } = await openRollups();
    const day = Date.UTC(2024, 0, 10);
    const volume = '987654321098.76543219';
    await commit(range(0, 1440).map((minute) => ({ openTime: day + minute * MINUTE, ...FLAT, volume })));
    const volumes = Object.fromEntries((await rollups()).map((row) => [row.interval, row.volume]));
    expect(volumes).toMatchObject({
      '3m': '2962962963296.29629657',
      '1h': '59259259265925.9259314',
      '1d': '1422222222382222.2223536',
    });
    expect((await rollups()).at(-1)).toMatchObject({ ...FLAT, interval: '8h', minutes: 480 });
  });

  it('begin weeks on Mondays, and months on their first day, also in a leap year', async () => {
    const { commit, rollups } = await openRollups();
    const noons: Candle[] = [];
    for (let time = Date.UTC(2023, 11, 1, 12); time < Date.UTC(2024, 3, 2); time += DAY) {
      noons.push({ openTime: time, ...FLAT, volume: '1' });
    }
    await commit(noons);
    const of = async (interval: string) =>
      (await rollups())
        .filter((row) => row.interval === interval)
        .map((row) => [new Date(row.open_time).toISOString().slice(0, 10), row.volume]);
    expect(await of('1M')).toEqual([
      ['2023-12-01', '31'],
      ['2024-01-01', '31'],
      ['2024-02-01', '29'],
      ['2024-03-01', '31'],
    ]);
    const weeks = await of('1w');
    expect(weeks.slice(0, 3)).toEqual([
      ['2023-11-27', '3'],
      ['2023-12-04', '7'],
      ['2023-12-11', '7'],
    ]);
    expect(weeks.at(-1)).toEqual(['2024-03-25', '7']);
  });

  it('are written when they are over and not before, a hole at their end or not', async () => {
    const { commit, rollups } = await openRollups();
    const hours = async () => (await rollups()).filter(({ interval }) => interval === '1h');
    await commit(range(0, 58).map(at));
    expect(await hours()).toEqual([]);
    await commit([at(63)], 'live');
    expect(await hours()).toMatchObject([{ open_time: START, minutes: 58 }]);
    await commit([at(59)], 'live');
    expect(await hours()).toMatchObject([{ open_time: START, minutes: 59, close: at(59).close }]);
  });

  it('follow a minute that is revised, and one that comes late', async () => {
    const { commit, rollups } = await openRollups();
    const minutes = range(0, 700).filter((minute) => minute !== 333);
    await commit(minutes.map(at));
    const revised = candleAt(at(61).openTime, 7);
    await commit([revised], 'live');
    await commit([at(333)], 'live');
    const now = [...minutes.filter((minute) => minute !== 61), 333].map(at);
    expect(await rollups()).toEqual(modelRollups([...now, revised]));
  });

  it('write nothing when the same batch comes again', async () => {
    const { commit, writer } = await openRollups();
    const changes = async () =>
      ((await writer.query('SELECT total_changes() AS changes')) as [{ changes: number }])[0].changes;
    await commit(range(0, 1000).map(at));
    const before = await changes();
    await commit(range(0, 1000).map(at));
    expect((await changes()) - before).toBe(1); // the renewal of the lease
  });

  it('are made of minutes only, and not of the hours that an exchange gives', async () => {
    const { store, locks, reader } = await openRollups();
    const hours = await store.ensureSeries('x', 'A/B', '1h');
    const lease = (await locks.acquire('hours'))!;
    const candles = range(0, 100).map((hour) => candleAt(START + hour * HOUR));
    await store.commit(lease, { series: hours, candles, spans: [] }, { lane: 'live' });
    expect(await reader.query('SELECT * FROM rollup')).toEqual([]);
  });

  it('are not there when the lease of the series is lost, or the rest of the transaction fails', async () => {
    const { store, series, lease, rollups, writer } = await openRollups();
    const batch = { series, candles: range(0, 100).map(at), spans: [] };
    const also = () => Promise.reject(new Error('no'));
    await expect(store.commit(lease, batch, { lane: 'live', also })).rejects.toThrow('no');
    expect(await rollups()).toEqual([]);
    await writer.query(`UPDATE job_lock SET fence = fence + 1, holder = 'thief'`);
    await expect(store.commit(lease, batch, { lane: 'live' })).rejects.toMatchObject({ code: 'LOCK_LOST' });
    expect(await rollups()).toEqual([]);
  });
});

describe('rollups whose minutes are kept no longer', () => {
  const KEPT = range(0, 3000).filter((minute) => minute % 100 !== 0);

  async function openPruned(before: number) {
    const test = await openRollups();
    await test.commit(KEPT.map(at));
    await test.writer.query('DELETE FROM candle WHERE open_time < ?', [START + before * MINUTE]);
    return { ...test, before: await test.rollups() };
  }

  it('stay as they are, whatever comes of those minutes', async () => {
    const { commit, rollups, before } = await openPruned(2000);
    await commit([at(1000)], 'live');
    await commit([candleAt(at(1501).openTime, 9)], 'live');
    await commit(range(1201, 1203).map(at), 'live');
    expect(await rollups()).toEqual(before);
  });

  it('take in what is whole, and go on where the minutes are there', async () => {
    const { commit, rollups } = await openPruned(2000);
    const revised = range(2010, 2016).map((minute) => candleAt(at(minute).openTime, 3));
    await commit(revised, 'live');
    await commit(range(3000, 4500).map(at));
    const minutes = [...KEPT.filter((minute) => minute < 2010 || minute > 2015), ...range(3000, 4500)];
    expect(await rollups()).toEqual(modelRollups([...minutes.map(at), ...revised]));
  });
});
