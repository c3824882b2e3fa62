import type { EntityManager } from 'typeorm';
import { noteChange } from '../candles/change-log.js';
import { forgetCoverage } from '../candles/coverage-rows.js';
import type { SeriesSummary } from '../candles/series.js';
import { gridOf, INTERVALS, openTimeAt, stepOpenTime, type Interval } from '../common/interval.js';
import type { Retention } from '../config/retention.js';
import type { JobContext } from '../locks/job-guard.js';

/** Rows that one transaction removes: a few milliseconds of the writer. */
export const PRUNE_BATCH = 2000;
const DAY_MS = 86_400_000;

/** Rows of one kind that are to go. */
export interface Pruning {
  /** What they are, for the log. */
  readonly fields: Readonly<Record<string, string | number>>;
  /** Removes at most `PRUNE_BATCH` of them, and returns one row for each. */
  readonly sql: string;
  readonly parameters: readonly unknown[];
  /** What else is to be noted of a batch. */
  readonly note?: (manager: EntityManager, removed: ReadonlyArray<{ openTime: number }>) => Promise<void>;
}

type Prunable = Pick<SeriesSummary, 'id' | 'exchange' | 'symbol' | 'interval' | 'anchor' | 'last'>;

/**
 * All that is older than it is kept. Of a series the last day stays in any case, however old: of a market that has ended
 * something is left.
 *
 * @param now Unix ms
 */
export function prunings(retention: Retention, series: readonly Prunable[], now: number): Pruning[] {
  return series.flatMap((one) => {
    const intervals = one.interval === '1m' ? INTERVALS : [one.interval];
    const candles = intervals.flatMap((interval) => {
      const keepMs = retention.ofCandles(one.exchange, one.symbol, interval);
      if (keepMs === null || one.last === null) return [];
      const before = wholeBefore(interval, Math.min(now - keepMs, one.last - DAY_MS));
      return [interval === one.interval ? candlePruning(one, before) : rollupPruning(one, interval, before)];
    });
    const revisions = retention.ofRecords('revisions');
    const quarantine = retention.ofRecords('quarantine');
    return [
      ...candles,
      ...(revisions === null ? [] : [revisionPruning(one, now - revisions)]),
      ...(quarantine === null ? [] : [quarantinePruning(one, now - quarantine)]),
    ];
  });
}

/** @returns how many rows went */
export async function pruneBatch(
  transaction: JobContext['transaction'],
  { sql, parameters, note }: Pruning,
): Promise<number> {
  return transaction(async (manager) => {
    const removed = await manager.query<Array<{ openTime: number }>>(sql, [...parameters]);
    if (removed.length > 0) await note?.(manager, removed);
    return removed.length;
  });
}

/** Longer candles are made of shorter ones: of what is not over yet, none may be missing. */
function wholeBefore(interval: Interval, time: number): number {
  if (interval === '1M' || interval === '1w' || interval === '3d') return openTimeAt(interval, time);
  if (interval !== '1d') return openTimeAt('1d', time);
  return Math.min(...(['3d', '1w', '1M'] as const).map((longer) => openTimeAt(longer, time)));
}

/** What is not rolled up yet is still needed, and the rollups that have been made of it are parts of others. */
const IS_ROLLED_UP = 'NOT EXISTS (SELECT 1 FROM rollup_build WHERE rollup_build.series_id = ?)';

function candlePruning(series: Prunable, before: number): Pruning {
  const { id, exchange, symbol, interval } = series;
  return {
    fields: { what: 'candles', exchange, symbol, interval },
    sql: `DELETE FROM candle WHERE series_id = ? AND open_time IN (
      SELECT open_time FROM candle WHERE series_id = ? AND open_time < ? AND ${IS_ROLLED_UP}
      ORDER BY open_time LIMIT ${PRUNE_BATCH}
    ) RETURNING open_time AS openTime`,
    parameters: [id, id, before, id],
    note: async (manager, removed) => {
      const last = removed.reduce((latest, { openTime }) => Math.max(latest, openTime), -Infinity);
      const upTo = stepOpenTime(gridOf(series), last, 1);
      await manager.query('UPDATE series SET pruned_to = max(coalesce(pruned_to, ?), ?) WHERE id = ?', [
        upTo,
        upTo,
        id,
      ]);
      await forgetCoverage(manager, id, upTo);
      await noteChange(manager, { seriesId: id, to: upTo });
    },
  };
}

function rollupPruning({ id, exchange, symbol }: Prunable, interval: Interval, before: number): Pruning {
  const own = 'series_id = ? AND interval = ?';
  return {
    fields: { what: 'rollups', exchange, symbol, interval },
    sql: `DELETE FROM rollup WHERE ${own} AND open_time IN (
      SELECT open_time FROM rollup WHERE ${own} AND open_time < ? AND ${IS_ROLLED_UP}
      ORDER BY open_time LIMIT ${PRUNE_BATCH}
    ) RETURNING open_time AS openTime`,
    parameters: [id, interval, id, interval, before, id],
    note: (manager) => noteChange(manager, { seriesId: id, to: before }),
  };
}

function revisionPruning({ id, exchange, symbol, interval }: Prunable, before: number): Pruning {
  return {
    fields: { what: 'revisions', exchange, symbol, interval },
    sql: `DELETE FROM candle_revision WHERE (series_id, open_time, revised_at) IN (
      SELECT series_id, open_time, revised_at FROM candle_revision
      WHERE series_id = ? AND revised_at < ? ORDER BY revised_at LIMIT ${PRUNE_BATCH}
    ) RETURNING open_time AS openTime`,
    parameters: [id, before],
  };
}

function quarantinePruning({ id, exchange, symbol, interval }: Prunable, before: number): Pruning {
  return {
    fields: { what: 'quarantine', exchange, symbol, interval },
    sql: `DELETE FROM quarantine WHERE id IN (
      SELECT id FROM quarantine WHERE series_id = ? AND last_seen < ? LIMIT ${PRUNE_BATCH}
    ) RETURNING open_time AS openTime`,
    parameters: [id, before],
  };
}
