import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Candle } from '../../src/candles/candle.js';
import { openTestDatabase } from '../support/database.js';
import { Fleet } from '../support/fault/fleet.js';
import { NO_LINUX } from '../support/fault/proc.js';
import { Random } from '../support/fault/random.js';
import { modelRollups } from '../support/rollup-model.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const KILLS = 8;
/** Into a transaction of some milliseconds, to hit it anywhere between the candles and their rollups. */
const DEEPEST_MS = 12;

it.skipIf(NO_LINUX)(
  'SIGKILL in the middle of a commit never parts candles from their rollups',
  async () => {
    const random = Random.forTest('SIGKILL and rollups');
    const file = join(temporaryDirectory(), 'kill.db');
    const fleet = new Fleet({ file, leases: 2, rows: [50, 900] }, { CRYPTOFLOW_LEASE_TTL: '9s' });
    onTestFinished(() => fleet.destroy());
    for (let count = 0; count < 2; count += 1) fleet.start();
    let inside = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      await fleet.until('two workers', () => fleet.ready.length >= 2);
      await fleet.progress(2);
      const frozen = await fleet.freezeWriting(random.next() * DEEPEST_MS);
      if (frozen.inside) inside += 1;
      await fleet.kill(frozen.worker);
      fleet.start();
    }
    await fleet.progress(2);
    await fleet.stop();

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
    expect(series.length).toBe(2);
    expect(inside).toBeGreaterThanOrEqual(KILLS / 4);
  },
  120_000,
);
