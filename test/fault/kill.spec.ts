import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Candle } from '../../src/candles/candle.js';
import { atEnd, workDirectory } from '../support/at-end.js';
import { openTestDatabase } from '../support/database.js';
import { checkHistory } from '../support/fault/check-history.js';
import { Fleet } from '../support/fault/fleet.js';
import { NO_LINUX } from '../support/fault/proc.js';
import { Random } from '../support/fault/random.js';
import { readHistory } from '../support/fault/read-history.js';
import type { WorkerProcess } from '../support/fault/worker-process.js';
import { modelRollups } from '../support/rollup-model.js';

const KILLS = 50;
const WORKERS = 4;
const TTL_MS = 9000;
/** Into a transaction of some milliseconds, to hit it anywhere from its first statement to its COMMIT. */
const DEEPEST_MS = 12;

describe.skipIf(NO_LINUX)('SIGKILL at any moment of a write transaction', () => {
  let file: string;
  let fleet: Fleet;
  let workers: WorkerProcess[];
  let inside = 0;

  beforeAll(async () => {
    file = join(workDirectory(), 'kill.db');
    // They pause a little, so that those that start have a processor to start on.
    fleet = new Fleet({ file, rows: [50, 300], pauseMs: 20 }, { CRYPTOFLOW_LEASE_TTL: `${TTL_MS}ms` });
    atEnd(() => fleet.destroy());
    const random = Random.forTest('SIGKILL');
    for (let count = 0; count < WORKERS; count += 1) fleet.start();
    for (let kill = 0; kill < KILLS; kill += 1) {
      // Somebody must be there to take over: it is the lease that is timed, and not the start of a process.
      await fleet.until('two workers', () => fleet.ready.length >= 2);
      await fleet.progress(random.between(1, 12));
      if (random.chance(0.25)) {
        await fleet.kill(random.pick(fleet.ready));
      } else {
        // Frozen first, so that it can be told whether the kill hits an open transaction.
        const frozen = await fleet.freezeWriting(random.next() * DEEPEST_MS);
        if (frozen.inside) inside += 1;
        await fleet.kill(frozen.worker);
      }
      fleet.start();
    }
    await fleet.until('all leases to be taken over', () => fleet.awaited === 0);
    await fleet.progress(20);
    await fleet.until('the last ones to be ready', () => fleet.ready.length === WORKERS);
    ({ workers } = fleet);
    await fleet.stop();
  }, 300_000);

  it('loses nothing acknowledged and leaves no part of a batch', async () => {
    const { quickCheck, ...history } = await readHistory(file, fleet.acknowledged);
    const worst = Math.max(...fleet.takeovers.map(({ ms }) => ms));
    console.log(
      `${KILLS} kills, ${inside} inside a write transaction; ${history.journal.length} commits, ` +
        `${fleet.acknowledged.length} acknowledged; ${fleet.takeovers.length} takeovers, worst ${Math.round(worst)} ms`,
    );
    expect(checkHistory(history)).toEqual([]);
    expect(quickCheck).toEqual([{ quick_check: 'ok' }]);
    expect(fleet.complaints).toEqual([]);
    expect(inside).toBeGreaterThanOrEqual(KILLS / 4);
    expect(fleet.takeovers.length).toBeGreaterThanOrEqual(KILLS / 2);
    expect(worst).toBeLessThan(TTL_MS + 1000);
    // A holder renews every third of the life, so its lease had two thirds left at least: it was not waited for.
    expect(worst).toBeLessThan((TTL_MS * 2) / 3);
    for (const worker of workers) {
      const statistics = worker.reports.find((report) => report.statistics)?.statistics;
      expect(statistics).toMatchObject({ busy: { unexpected: 0 }, timeouts: 0 });
    }
  });

  it('never parts candles from their rollups', async () => {
    const { reader } = await openTestDatabase({ file });
    const series = await reader.query<Array<{ id: number }>>('SELECT id FROM series');
    for (const { id } of series) {
      const candles = await reader.query<Candle[]>(
        'SELECT open_time AS openTime, open, high, low, close, volume FROM candle WHERE series_id = ?',
        [id],
      );
      const rollups = await reader.query<unknown[]>(
        `SELECT interval, open_time, open, high, low, close, volume, minutes FROM rollup
         WHERE series_id = ? ORDER BY interval, open_time`,
        [id],
      );
      expect(rollups.length).toBeGreaterThan(0);
      expect(rollups).toEqual(modelRollups(candles));
    }
    expect(series.length).toBe(3);
    expect(inside).toBeGreaterThanOrEqual(KILLS / 4);
  });
});
