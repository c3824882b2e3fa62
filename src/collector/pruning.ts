import type { DataSource, EntityManager } from 'typeorm';
import type { Series } from '../candles/series.js';
import { INTERVALS, openTimeAt, stepOpenTime } from '../common/interval.js';
import { KEPT_RECORDS, type Retention } from '../config/retention.js';
import type { JobContext } from '../locks/job-guard.js';

/** Rows that one transaction removes: a few milliseconds of the writer. */
const BATCH = 2000;

/** One kind of rows that are to go. */
export interface Pruning {
  /** What it is, for the log. */
  readonly fields: Readonly<Record<string, string | number>>;
  /** Selects the keys of at most `BATCH` rows that are to go, oldest first where there is an order. */
  readonly select: { readonly sql: string; readonly parameters: readonly unknown[] };
  /** Removes the rows with these keys. */
  readonly remove: (manager: EntityManager, keys: readonly unknown[]) => Promise<void>;
}

/**
 * All that is older than it is kept.
 *
 * @param now Unix ms
 */
export function prunings(retention: Retention, series: readonly Series[], now: number): Pruning[] {
  const candles = series.flatMap((one) => {
    const keepMs = retention.ofCandles(one.exchange, one.symbol, one.interval);
    return keepMs === null ? [] : [candlePruning(one, openTimeAt(one.interval, now - keepMs))];
  });
  const rollups = series
    .filter(({ interval }) => interval === '1m')
    .flatMap((one) =>
      INTERVALS.filter((interval) => interval !== '1m').flatMap((interval) => {
        const keepMs = retention.ofCandles(one.exchange, one.symbol, interval);
        return keepMs === null ? [] : [rollupPruning(one, interval, now - keepMs)];
      }),
    );
  const records = KEPT_RECORDS.flatMap((record) => {
    const keepMs = retention.ofRecords(record);
    return keepMs === null ? [] : [RECORD_PRUNINGS[record](now - keepMs)];
  });
  return [...candles, ...rollups, ...records];
}

/** @returns how many rows went, and whether those were the last */
export async function pruneBatch(
  reader: DataSource,
  transaction: JobContext['transaction'],
  { select, remove }: Pruning,
): Promise<{ removed: number; done: boolean }> {
  const rows = await reader.query<Array<{ key: unknown }>>(`${select.sql} LIMIT ${BATCH}`, [
    ...select.parameters,
  ]);
  if (rows.length > 0)
    await transaction((manager) =>
      remove(
        manager,
        rows.map(({ key }) => key),
      ),
    );
  return { removed: rows.length, done: rows.length < BATCH };
}

function candlePruning({ id, exchange, symbol, interval }: Series, before: number): Pruning {
  return {
    fields: { what: 'candles', exchange, symbol, interval },
    select: {
      sql: 'SELECT open_time AS key FROM candle WHERE series_id = ? AND open_time < ? ORDER BY open_time',
      parameters: [id, before],
    },
    remove: async (manager, keys) => {
      const upTo = stepOpenTime(interval, Number(keys.at(-1)), 1);
      await manager.query('DELETE FROM candle WHERE series_id = ? AND open_time < ?', [id, upTo]);
      // The coverage stays, so that nobody asks for them again.
      await manager.query('UPDATE series SET pruned_to = max(coalesce(pruned_to, ?), ?) WHERE id = ?', [
        upTo,
        upTo,
        id,
      ]);
    },
  };
}

function rollupPruning({ id, exchange, symbol }: Series, interval: string, before: number): Pruning {
  const own = 'series_id = ? AND interval = ?';
  return {
    fields: { what: 'rollups', exchange, symbol, interval },
    select: {
      sql: `SELECT open_time AS key FROM rollup WHERE ${own} AND open_time < ? ORDER BY open_time`,
      parameters: [id, interval, before],
    },
    remove: async (manager, keys) => {
      await manager.query(`DELETE FROM rollup WHERE ${own} AND open_time <= ?`, [id, interval, keys.at(-1)]);
    },
  };
}

const RECORD_PRUNINGS: Record<(typeof KEPT_RECORDS)[number], (before: number) => Pruning> = {
  revisions: (before) => ({
    fields: { what: 'revisions' },
    select: {
      sql: `SELECT json_array(series_id, open_time, revised_at) AS key FROM candle_revision WHERE revised_at < ?`,
      parameters: [before],
    },
    remove: async (manager, keys) => {
      await manager.query(
        `DELETE FROM candle_revision WHERE (series_id, open_time, revised_at) IN (
           SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?))`,
        [`[${keys.join(',')}]`],
      );
    },
  }),
  quarantine: (before) => ({
    fields: { what: 'quarantine' },
    select: { sql: 'SELECT id AS key FROM quarantine WHERE last_seen < ?', parameters: [before] },
    remove: async (manager, keys) => {
      await manager.query('DELETE FROM quarantine WHERE id IN (SELECT value FROM json_each(?))', [
        JSON.stringify(keys),
      ]);
    },
  }),
};
