import type { EntityManager } from 'typeorm';
import { attemptsOf, mergeSpans, type CoverageSpan, type CoverageState } from './coverage.js';
import type { Series } from './series.js';

/** A row of `coverage`. */
export interface CoverageRow {
  readonly from: number;
  readonly to: number;
  readonly state: CoverageState;
  readonly asked: number;
  readonly askedAt: number;
}

export const SELECT_COVERAGE = `SELECT from_time AS "from", to_time AS "to", state, asked, asked_at AS askedAt
  FROM coverage WHERE series_id = ?`;

/** Takes the rows of `toRow` as one JSON text. */
const INSERT_COVERAGE = `INSERT INTO coverage (series_id, from_time, to_time, state, asked, asked_at)
  SELECT CAST(? AS INTEGER), value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?)`;

/** Only stretches without candles were asked for in vain; what lies after a market's end, not before it came back. */
export function toSpan({ from, to, state, asked, askedAt }: CoverageRow): CoverageSpan {
  return asked > 0 ? { from, to, state, asked, askedAt } : { from, to, state };
}

/** `[from, to, state, asked, askedAt]`. */
function toRow(span: CoverageSpan): unknown[] {
  const { from, to, state } = span;
  if (state === 'have') return [from, to, state, 0, 0];
  const { asked, askedAt } = attemptsOf(span);
  return [from, to, state, asked, askedAt];
}

/** The rows that overlap or touch a window. Rows do not overlap: of those that begin before it only the last can reach it. */
const TOUCHING = `from_time <= ? AND to_time >= ? AND from_time >= coalesce(
  (SELECT max(from_time) FROM coverage WHERE series_id = ? AND from_time < ?), ?)`;

/**
 * Rewrites the rows that overlap or touch the new spans, and only those.
 *
 * @returns whether anything is known that was not
 */
export async function mergeCoverage(
  manager: EntityManager,
  series: Series,
  added: readonly CoverageSpan[],
): Promise<boolean> {
  const [from, to] = [added[0]!.from, added.at(-1)!.to];
  const touching = [series.id, to, from, series.id, from, from];
  const known = await manager.query<CoverageRow[]>(
    `${SELECT_COVERAGE} AND ${TOUCHING} ORDER BY from_time`,
    touching,
  );
  const before = known.map(toSpan);
  const after = mergeSpans(before, added);
  const rows = JSON.stringify(after.map(toRow));
  if (rows === JSON.stringify(before.map(toRow))) return false;
  await manager.query(`DELETE FROM coverage WHERE series_id = ? AND ${TOUCHING}`, touching);
  await manager.query(INSERT_COVERAGE, [series.id, rows]);
  return true;
}

/**
 * Of candles that are removed nothing is said any more. What there never was stays known: rollups that are kept may be
 * whole without it.
 *
 * @param upTo they opened before it, Unix ms
 */
export async function forgetCoverage(manager: EntityManager, seriesId: number, upTo: number): Promise<void> {
  const gone = `series_id = ? AND state IN ('have', 'missing')`;
  await manager.query(`DELETE FROM coverage WHERE ${gone} AND to_time <= ?`, [seriesId, upTo]);
  const parameters = [upTo, seriesId, upTo];
  await manager.query(`UPDATE coverage SET from_time = ? WHERE ${gone} AND from_time < ?`, parameters);
}
