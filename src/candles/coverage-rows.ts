import type { CoverageSpan, CoverageState } from './coverage.js';

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
export const INSERT_COVERAGE = `INSERT INTO coverage (series_id, from_time, to_time, state, asked, asked_at)
  SELECT CAST(? AS INTEGER), value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?)`;

/** Only stretches without candles were asked for in vain. */
export function toSpan({ from, to, state, asked, askedAt }: CoverageRow): CoverageSpan {
  return isHole(state) ? { from, to, state, asked, askedAt } : { from, to, state };
}

/** `[from, to, state, asked, askedAt]`. */
export function toRow({ from, to, state, asked = 1, askedAt = 0 }: CoverageSpan): unknown[] {
  return isHole(state) ? [from, to, state, asked, askedAt] : [from, to, state, 0, 0];
}

function isHole(state: CoverageState): boolean {
  return state === 'missing' || state === 'empty';
}
