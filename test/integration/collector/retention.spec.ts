import { describe, expect, it } from 'vitest';
import { CandleReader } from '../../../src/candles/candle-reader.js';
import { SeriesReader } from '../../../src/candles/series-reader.js';
import { SqliteCandleStore } from '../../../src/candles/sqlite-candle-store.js';
import { backfillWindow, historyStart } from '../../../src/collector/collection-plan.js';
import { RetentionJob } from '../../../src/collector/retention.job.js';
import { SystemClock } from '../../../src/common/clock.js';
import { Retention } from '../../../src/config/retention.js';
import { JobGuard, type JobContext } from '../../../src/locks/job-guard.js';
import { candleAt, range } from '../../support/candles.js';
import { openTestLocks } from '../../support/locks.js';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const NOW = Date.UTC(2024, 0, 10);
const DAYS = 6;

/** Time stands still, but waits pass. */
class FixedClock extends SystemClock {
  override now(): number {
    return NOW;
  }
}

/** Six days of minutes of two markets, with a hole in one of them. */
async function open(retention: string) {
  const test = await openTestLocks();
  const { writer, reader, locks, log } = test;
  const clock = new FixedClock();
  const store = new SqliteCandleStore(writer, reader, locks, clock);
  const lease = (await locks.acquire('series'))!;
  const make = async (symbol: string, hole: number) => {
    const series = await store.ensureSeries('x', symbol, '1m');
    const from = NOW - DAYS * DAY;
    const candles = range(0, DAYS * 1440)
      .map((index) => from + index * MINUTE)
      .filter((openTime) => openTime !== hole)
      .map((openTime) => candleAt(openTime));
    const spans = [
      { from, to: hole, state: 'have' as const },
      { from: hole, to: hole + MINUTE, state: 'empty' as const },
      { from: hole + MINUTE, to: NOW, state: 'have' as const },
    ];
    await store.commit(lease, { series, candles, spans }, { lane: 'backfill' });
    return series;
  };
  const old = await make('A/B', NOW - 5 * DAY);
  const kept = await make('C/D', NOW - DAY);
  const config = { retention: Retention.parse(retention) };
  const job = new RetentionJob(new SeriesReader(reader, clock), config, clock, log);
  const guard = new JobGuard(locks, clock, log);
  let slot = 0;
  const run = (watch: (context: JobContext) => JobContext = (context) => context) =>
    guard.run('retention', (slot += 1), (context) => job.removeOld(watch(context)));
  const summary = (id: number) => new SeriesReader(reader, clock).get(id);
  const stored = async (id: number) => {
    const [{ count, first }] = await reader.query<[{ count: number; first: number }]>(
      'SELECT count(*) AS count, min(open_time) AS first FROM candle WHERE series_id = ?',
      [id],
    );
    return { count, first };
  };
  return { ...test, store, lease, old, kept, run, summary, stored };
}

describe('retention', () => {
  it('removes nothing unless configured', async () => {
    const { run, stored, old, kept } = await open('');
    await run();
    expect((await stored(old.id)).count + (await stored(kept.id)).count).toBe(2 * (DAYS * 1440 - 1));
  });

  it('removes what is older, of the series that it names, and the summary tells what is left', async () => {
    const { run, stored, summary, old, kept, reader } = await open('x:A/*@1m=2d');
    await run();
    const left = { count: 2 * 1440, first: NOW - 2 * DAY };
    expect(await stored(old.id)).toEqual(left);
    expect(await summary(old.id)).toMatchObject({ ...left, missing: 0, completeness: 1 });
    expect(await stored(kept.id)).toEqual({ count: DAYS * 1440 - 1, first: NOW - DAYS * DAY });
    const { text } = await new CandleReader(reader).read({
      seriesId: old.id,
      from: 0,
      limit: 1,
      order: 'asc',
      closed: true,
      format: 'csv',
    });
    expect(text.toString()).toMatch(new RegExp(`^${NOW - 2 * DAY},`));
  });

  it('takes the coverage along, and nobody asks for what is gone: history begins where it is kept from', async () => {
    const { run, store, old } = await open('*@1m=2d');
    await run();
    const coverage = await store.coverage(old);
    expect(coverage).toMatchObject([
      // Rollups of that day are whole without it.
      { from: NOW - 5 * DAY, to: NOW - 5 * DAY + MINUTE, state: 'empty' },
      { from: NOW - 2 * DAY, to: NOW, state: 'have' },
    ]);
    const start = historyStart({ spanMs: 30 * DAY }, '1m', NOW, 2 * DAY);
    expect(backfillWindow(coverage, { interval: '1m', pageSize: 1000, start, before: NOW })).toBeNull();
  });

  it('tells of what is brought back for longer that it is there, and of the rest that it is not', async () => {
    const { run, store, lease, old, stored, summary } = await open('*@1m=2d');
    await run();
    const from = NOW - 4 * DAY;
    const again = range(0, 60).map((index) => candleAt(from + index * MINUTE));
    const span = { from, to: from + 60 * MINUTE, state: 'have' as const };
    await store.commit(lease, { series: old, candles: again, spans: [span] }, { lane: 'backfill' });
    expect(await stored(old.id)).toEqual({ count: 2 * 1440 + 60, first: from });
    expect(await summary(old.id)).toMatchObject({
      first: from,
      count: 2 * 1440 + 60,
      missing: 2 * 1440 - 60,
      gaps: 1,
    });
    await run();
    expect(await summary(old.id)).toMatchObject({ first: NOW - 2 * DAY, missing: 0, gaps: 0 });
  });

  it('leaves minutes and rollups alone while there are minutes that are not rolled up yet', async () => {
    const { run, stored, old, kept, writer, reader } = await open('*@1m=2d *@1h=3d');
    await writer.query('INSERT INTO rollup_build (series_id, before_time) VALUES (?, ?)', [old.id, NOW]);
    const rollups = () => reader.query('SELECT * FROM rollup WHERE series_id = ?', [old.id]);
    const [candles, rolledUp] = [await stored(old.id), await rollups()];
    await run();
    expect(await stored(old.id)).toEqual(candles);
    expect(await rollups()).toEqual(rolledUp);
    expect((await stored(kept.id)).first).toBe(NOW - 2 * DAY);

    await writer.query('DELETE FROM rollup_build');
    await run();
    expect((await stored(old.id)).first).toBe(NOW - 2 * DAY);
    const [{ first }] = await reader.query<[{ first: number }]>(
      `SELECT min(open_time) AS first FROM rollup WHERE series_id = ? AND interval = '1h'`,
      [old.id],
    );
    expect(first).toBe(NOW - 3 * DAY);
  });

  it('takes small batches, loses its lease in the middle, and goes on in the next run', async () => {
    const { run, stored, old, writer } = await open('*@1m=1d');
    const batches: number[] = [];
    const watch = (context: JobContext): JobContext => ({
      ...context,
      transaction: async (work) => {
        if (batches.length === 2)
          await writer.query(`UPDATE job_lock SET fence = fence + 1 WHERE name LIKE 'job:%'`);
        const { count: had } = await stored(old.id);
        const result = await context.transaction(work);
        batches.push(had - (await stored(old.id)).count);
        return result;
      },
    });
    await run(watch);
    expect(batches).toHaveLength(2);
    expect(Math.max(...batches)).toBeLessThanOrEqual(2000);
    expect((await stored(old.id)).count).toBeGreaterThan(2 * 1440);
    await writer.query(`UPDATE job_lock SET holder = '', expires_at = 0 WHERE name LIKE 'job:%'`);
    await run();
    expect(await stored(old.id)).toEqual({ count: 2 * 1440, first: NOW - 2 * DAY });
  });

  it('leaves the last day of a market that ended long ago', async () => {
    const { run, stored, old, writer } = await open('*@1m=1d');
    await writer.query('DELETE FROM candle WHERE open_time >= ?', [NOW - 3 * DAY]);
    await writer.query('DELETE FROM coverage WHERE from_time >= ?', [NOW - 3 * DAY]);
    await writer.query('UPDATE coverage SET to_time = min(to_time, ?)', [NOW - 3 * DAY]);
    await run();
    expect(await stored(old.id)).toEqual({ count: 2 * 1440 - 1, first: NOW - 5 * DAY + MINUTE });
  });

  it('removes old revisions, and keeps the newer ones', async () => {
    const { run, writer, reader, old } = await open('revisions=3d');
    await writer.query(
      `INSERT INTO candle_revision (series_id, open_time, revised_at, open, high, low, close, volume)
       SELECT ?, value, ? + value, '1', '1', '1', '1', '1' FROM json_each(?)`,
      [old.id, NOW - 5 * DAY, JSON.stringify(range(0, 5).map((days) => days * DAY))],
    );
    await run();
    expect(await reader.query('SELECT revised_at AS at FROM candle_revision ORDER BY 1')).toEqual([
      { at: NOW - 3 * DAY },
      { at: NOW - 2 * DAY },
      { at: NOW - DAY },
    ]);
  });
});
