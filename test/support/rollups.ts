import type { Candle } from '../../src/candles/candle.js';
import { SqliteCandleStore } from '../../src/candles/sqlite-candle-store.js';
import { SystemClock } from '../../src/common/clock.js';
import { openTestLocks } from './locks.js';
import type { ModelRollup } from './rollup-model.js';

/** A store with one series of minutes, and what it has rolled up. */
export async function openRollups() {
  const test = await openTestLocks();
  const store = new SqliteCandleStore(test.writer, test.reader, test.locks, new SystemClock());
  const series = await store.ensureSeries('x', 'A/B', '1m');
  const lease = (await test.locks.acquire(`series:${series.id}`))!;
  const commit = (candles: readonly Candle[], lane: 'live' | 'backfill' = 'backfill') =>
    store.commit(lease, { series, candles, spans: [] }, { lane });
  const rollups = (seriesId = series.id) =>
    test.reader.query<ModelRollup[]>(
      `SELECT interval, open_time, open, high, low, close, volume, minutes FROM rollup
       WHERE series_id = ? ORDER BY interval, open_time`,
      [seriesId],
    );
  return { ...test, store, series, lease, commit, rollups };
}
