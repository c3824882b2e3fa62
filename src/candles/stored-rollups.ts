import type { DataSource } from 'typeorm';
import type { Interval } from '../common/interval.js';
import type { Candle } from './candle.js';
import { ROLLUP_SOURCE, toRollup, type Rollup } from './rollup.js';
import type { StoredRanges, StoredRollups } from './rollup-completion.js';

interface StoredRow extends Candle {
  readonly interval: Interval;
  readonly minutes: number;
}

// CROSS JOIN fixes the order: for each range its rows, by the key.
const STORED = `SELECT '${ROLLUP_SOURCE}' AS interval, open_time AS openTime, open, high, low, close, volume, 1 AS minutes
    FROM jsonb_each(?) CROSS JOIN candle
    WHERE series_id = ? AND open_time >= value ->> 0 AND open_time < value ->> 1
  UNION ALL
  SELECT interval, open_time, open, high, low, close, volume, minutes FROM jsonb_each(?) CROSS JOIN rollup
    WHERE series_id = ? AND interval = value ->> 2 AND open_time >= value ->> 0 AND open_time < value ->> 1`;

/** Reads minutes and rollups of a series of minutes, in one statement. */
export async function readStored(
  connection: Pick<DataSource, 'query'>,
  seriesId: number,
  wanted: StoredRanges,
): Promise<StoredRollups> {
  const stored = new Map<Interval, Map<number, Rollup>>();
  if (wanted.size === 0) return stored;
  const ranges = [...wanted].flatMap(([interval, windows]) =>
    windows.map(({ from, to }) => [from, to, interval] as const),
  );
  const minutes = ranges.filter(([, , interval]) => interval === ROLLUP_SOURCE);
  const others = ranges.filter(([, , interval]) => interval !== ROLLUP_SOURCE);
  const rows = await connection.query<StoredRow[]>(STORED, [
    JSON.stringify(minutes),
    seriesId,
    JSON.stringify(others),
    seriesId,
  ]);
  for (const row of rows) {
    const rollup = toRollup(row, row.minutes);
    const known = stored.get(row.interval);
    if (known) known.set(row.openTime, rollup);
    else stored.set(row.interval, new Map([[row.openTime, rollup]]));
  }
  return stored;
}
