import { describe, expect, it } from 'vitest';
import type { Candle } from '../../../src/candles/candle.js';
import { RollupCheckJob } from '../../../src/candles/rollup-check.job.js';
import { RollupChecks } from '../../../src/candles/rollup-checks.js';
import type { RollupInterval } from '../../../src/candles/rollup.js';
import type { JobContext } from '../../../src/locks/job-guard.js';
import { candleAt, range } from '../../support/candles.js';
import { modelCandles } from '../../support/rollup-model.js';
import { openRollups } from '../../support/rollups.js';

const MINUTE = 60_000;
const START = Date.UTC(2023, 11, 31);
const MINUTES = range(0, 33 * 1440)
  .filter((minute) => minute !== 90)
  .map((minute) => candleAt(START + minute * MINUTE));
const FOUR_DAYS = MINUTES.slice(0, 4 * 1440);

/** What an exchange would give of an interval, going by the minutes. */
const served = (interval: RollupInterval, minutes = MINUTES): Candle[] => modelCandles(minutes, interval);

async function openCheck(minutes = MINUTES) {
  const test = await openRollups();
  await test.commit(minutes);
  const collect = async (interval: RollupInterval, candles: readonly Candle[]) => {
    const series = await test.store.ensureSeries('x', 'A/B', interval);
    const lease = (await test.locks.acquire(`series:${series.id}`)) ?? collectors.get(series.id)!;
    collectors.set(series.id, lease);
    await test.store.commit(lease, { series, candles, spans: [] }, { lane: 'live' });
    return series;
  };
  const collectors = new Map<number, NonNullable<Awaited<ReturnType<typeof test.locks.acquire>>>>();
  const job = new RollupCheckJob(test.reader, test.log);
  const lease = (await test.locks.acquire('job:rollup-check'))!;
  const context: JobContext = {
    slot: START,
    signal: lease.signal,
    transaction: (run) => test.locks.transaction(lease, run),
  };
  return { ...test, collect, check: () => job.compareAll(context), checks: new RollupChecks(test.reader) };
}

describe('the comparison of collected candles with rollups', () => {
  it('finds no difference where there is none, months and all, and leaves out what is not whole', async () => {
    const { collect, check, checks, log } = await openCheck();
    const hours = await collect('1h', served('1h'));
    const months = await collect('1M', served('1M'));
    await check();
    expect(await checks.of(hours.id)).toMatchObject({
      compared: 33 * 24 - 1,
      different: 0,
      lastDifference: null,
    });
    expect(await checks.of(months.id)).toMatchObject({ compared: 1, different: 0 });
    expect(log.named('rollup.check.done')).toEqual([{ compared: 33 * 24, different: 0 }]);
    expect(log.named('rollup.check.different')).toEqual([]);
  });

  it('counts and names those that differ in any figure by any digit', async () => {
    const { collect, check, checks, log } = await openCheck(FOUR_DAYS);
    const hours = served('1h', FOUR_DAYS);
    const [a, b, c] = [hours[5]!, hours[70]!, hours[71]!];
    const changed = [
      { ...a, volume: `${a.volume}1` },
      { ...b, low: '0' },
      { ...c, close: `${c.close}01` },
    ];
    const series = await collect('1h', [...hours.filter((hour) => ![a, b, c].includes(hour)), ...changed]);
    await check();
    expect(await checks.of(series.id)).toMatchObject({ different: 3, lastDifference: c.openTime });
    expect(log.named('rollup.check.different')).toMatchObject([
      { exchange: 'x', symbol: 'A/B', interval: '1h', different: 3, lastDifference: c.openTime },
    ]);
    expect(await checks.list()).toMatchObject([{ interval: '1h', different: 3 }]);
  });

  it('goes through a long series in stretches, and then begins anew', async () => {
    const { collect, check, checks, reader } = await openCheck();
    const all = served('15m');
    const [first] = all;
    const series = await collect('15m', [{ ...first!, open: '0' }, ...all.slice(1)]);
    await check();
    expect(await checks.of(series.id)).toMatchObject({ compared: 1999, different: 1 });
    await check();
    expect(await checks.of(series.id)).toMatchObject({ compared: all.length - 1, different: 1 });
    expect(await reader.query('SELECT next_time FROM rollup_check')).toEqual([{ next_time: 0 }]);
    await collect('15m', [first!]);
    await check();
    expect(await checks.of(series.id)).toMatchObject({ compared: 1999, different: 0, lastDifference: null });
  });

  it('changes no candle', async () => {
    const { collect, check, reader } = await openCheck(FOUR_DAYS);
    await collect(
      '1d',
      served('1d', FOUR_DAYS).map((day) => ({ ...day, volume: '1' })),
    );
    const all = () =>
      Promise.all([reader.query('SELECT * FROM candle'), reader.query('SELECT * FROM rollup')]);
    const before = await all();
    await check();
    expect(await all()).toEqual(before);
  });
});
