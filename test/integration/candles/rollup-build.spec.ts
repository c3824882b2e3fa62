import { describe, expect, it, onTestFinished } from 'vitest';
import type { DataSource } from 'typeorm';
import { RollupBuildJob } from '../../../src/candles/rollup-build.job.js';
import { RollupReader } from '../../../src/candles/rollup-reader.js';
import type { RollupInterval } from '../../../src/candles/rollup.js';
import { SystemClock } from '../../../src/common/clock.js';
import { CryptoFlowRollup1700000003000 } from '../../../src/database/migrations/1700000003000-rollup.js';
import { JobGuard } from '../../../src/locks/job-guard.js';
import { candleAt, range } from '../../support/candles.js';
import { until } from '../../support/fixtures/until.js';
import { modelRollups, type ModelRollup } from '../../support/rollup-model.js';
import { openRollups } from '../../support/rollups.js';

const MINUTE = 60_000;
const START = Date.UTC(2024, 3, 29, 7, 13);
const candles = (minutes: readonly number[]) => minutes.map((minute) => candleAt(START + minute * MINUTE));
const OLD = candles(range(0, 9000).filter((minute) => minute % 1000 !== 17));
const NEW = candles(range(9000, 9100));

/** A database as it was before there were rollups, migrated. */
async function openOld() {
  const test = await openRollups();
  await test.commit(OLD);
  await migrateAgain(test.writer);
  const job = new RollupBuildJob(
    test.reader,
    new JobGuard(test.locks, new SystemClock(), test.log),
    new SystemClock(),
  );
  const reader = new RollupReader(test.reader);
  const read = (interval: RollupInterval, query = {}) =>
    reader.read({
      seriesId: test.series.id,
      interval,
      source: '1m',
      limit: 1000,
      order: 'asc',
      closed: true,
      format: 'json',
      ...query,
    });
  const unbuilt = () => test.reader.query<unknown[]>('SELECT * FROM rollup_build');
  return { ...test, job, read, unbuilt };
}

async function migrateAgain(writer: DataSource): Promise<void> {
  const runner = writer.createQueryRunner();
  await new CryptoFlowRollup1700000003000().down(runner);
  await new CryptoFlowRollup1700000003000().up(runner);
  await runner.release();
}

const text = (rows: readonly ModelRollup[]) =>
  rows
    .map(
      ({ open_time, open, high, low, close, volume }) =>
        `[${[open_time, open, high, low, close, volume].join(',')}]`,
    )
    .join(',');

describe('what was stored before there were rollups', () => {
  it('is rolled up once, together with what is collected meanwhile', async () => {
    const { job, commit, rollups, unbuilt } = await openOld();
    expect([await rollups(), (await unbuilt()).length]).toEqual([[], 1]);
    await commit(NEW.slice(0, 50), 'live');
    const running = job.run();
    for (const candle of NEW.slice(50)) await commit([candle], 'live');
    await running;
    expect(await unbuilt()).toEqual([]);
    expect(await rollups()).toEqual(modelRollups([...OLD, ...NEW]));
  });

  it('is answered rightly before it is rolled up, while it is, and after', async () => {
    const { job, commit, read, writer, unbuilt } = await openOld();
    await commit(NEW, 'live');
    const all = modelRollups([...OLD, ...NEW]);
    const check = async () => {
      for (const interval of ['3m', '1h', '6h', '1d', '1w', '1M'] as const) {
        const rows = all.filter((row) => row.interval === interval);
        const newest = await read(interval, { limit: 20 });
        expect(newest.text.toString()).toBe(text(rows.slice(-20)));
        const first = await read(interval, { from: 0, limit: 5 });
        expect(first.text.toString()).toBe(text(rows.slice(0, 5)));
        expect(first.next).toBe(rows[5]?.open_time ?? null);
        const last = await read(interval, { order: 'desc', limit: 5 });
        expect(last.text.toString()).toBe(text(rows.slice(-5).toReversed()));
        expect(last.next).toBe(rows.length > 5 ? rows.at(-5)!.open_time : null);
      }
    };
    await check();
    // Stopped after one step, by a lease that is lost.
    await writer.query(`CREATE TRIGGER stop BEFORE UPDATE ON rollup_build WHEN old.before_time < ${OLD[6000]!.openTime}
      BEGIN SELECT raise(ABORT, 'stopped'); END`);
    await job.run();
    expect(await unbuilt()).toHaveLength(1);
    await check();
    await writer.query('DROP TRIGGER stop');
    await job.run();
    expect(await unbuilt()).toEqual([]);
    await check();
  });

  it('is refused, and not answered wrongly, where a page would be made of too many minutes', async () => {
    const { read, commit } = await openOld();
    await commit(candles(range(10_000, 115_000)));
    const code = { code: 'ROLLUPS_NOT_BUILT' };
    await expect(read('1d', { from: 0, limit: 100 })).rejects.toMatchObject(code);
    expect((await read('1d', { from: 0, limit: 2 })).next).not.toBeNull();
  });

  it('is rolled up by itself after the start', async () => {
    const { job, rollups, unbuilt } = await openOld();
    onTestFinished(() => job.beforeApplicationShutdown());
    job.onApplicationBootstrap();
    await until(async () => (await unbuilt()).length === 0);
    expect(await rollups()).toEqual(modelRollups(OLD));
  });
});
