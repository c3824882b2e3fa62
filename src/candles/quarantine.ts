import type { EntityManager } from 'typeorm';
import { SQL_NOW } from '../locks/sqlite-lock-store.js';
import type { Series } from './series.js';
import type { RejectedCandle } from './soundness.js';

/** Distinct rows kept of one series. What comes beyond is counted only. */
export const MAX_ROWS = 1000;

// The rows kept are counted once, before any is added; `key` is the place among those that come.
const KEEP = `INSERT INTO quarantine (series_id, open_time, reason, payload, first_seen, last_seen, times)
  SELECT CAST(?1 AS INTEGER), value ->> 0, value ->> 1, value ->> 2, ${SQL_NOW}, ${SQL_NOW}, 1
  FROM json_each(?2) AS new
  WHERE (SELECT count(*) FROM quarantine WHERE series_id = ?1) + new.key < ${MAX_ROWS} OR EXISTS (
    SELECT 1 FROM quarantine AS known
    WHERE known.series_id = ?1 AND known.reason = value ->> 1 AND known.payload = value ->> 2)
  ON CONFLICT (series_id, reason, payload) DO UPDATE SET times = times + 1, last_seen = excluded.last_seen`;

/** Puts rows into quarantine, in the transaction of the page that they came with. One that is there is counted. */
export async function quarantine(
  manager: EntityManager,
  series: Series,
  rejected: readonly RejectedCandle[],
): Promise<void> {
  const rows = rejected.map(({ openTime, reason, payload }) => [openTime, reason, payload]);
  await manager.query(KEEP, [series.id, JSON.stringify(rows)]);
  await manager.query('UPDATE series SET rejections = rejections + ? WHERE id = ?', [rows.length, series.id]);
}
