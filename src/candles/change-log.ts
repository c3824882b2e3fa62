import type { EntityManager } from 'typeorm';
import { SQL_NOW } from '../locks/sqlite-lock-store.js';

/** What one transaction has changed of a series. Times are Unix ms. */
export interface Change {
  /** Its place among all changes: later ones have larger numbers. */
  readonly id: number;
  readonly seriesId: number;
  /** Candles, and what is known of the coverage, may have changed from here… */
  readonly from: number;
  /** …up to here, exclusive. */
  readonly to: number;
  /**
   * Where what was there before ended: candles from here on are new, and have just closed. Null where there are none, and
   * for history.
   */
  readonly head: number | null;
  /** Open times of candles that were there with other figures, ascending. */
  readonly revised: readonly number[];
  readonly changedAt: number;
}

/** What a transaction is about to note. */
export type ChangeNote = Pick<Change, 'seriesId'> & Partial<Pick<Change, 'from' | 'to' | 'head' | 'revised'>>;

export interface ChangeRow extends Omit<Change, 'revised'> {
  readonly revised: string | null;
}

const MIN_TIME = -8_640_000_000_000_000;
const MAX_TIME = 8_640_000_000_000_000;

const INSERT = `INSERT INTO change_log (series_id, from_time, to_time, head_time, revised, changed_at)
  VALUES (?, ?, ?, ?, ?, ${SQL_NOW})`;

export const SELECT_CHANGES = `SELECT id, series_id AS seriesId, from_time AS "from", to_time AS "to",
  head_time AS head, revised, changed_at AS changedAt FROM change_log`;

export function toChange({ revised, ...row }: ChangeRow): Change {
  return { ...row, revised: revised === null ? [] : (JSON.parse(revised) as number[]) };
}

/**
 * Notes, in the transaction that makes it, what it changes: whoever keeps answers or streams learns of it by this alone.
 * Without times all of the series may have changed.
 */
export async function noteChange(
  manager: EntityManager,
  { seriesId, from = MIN_TIME, to = MAX_TIME, head = null, revised = [] }: ChangeNote,
): Promise<void> {
  await manager.query(INSERT, [
    seriesId,
    from,
    to,
    head,
    revised.length === 0 ? null : JSON.stringify(revised),
  ]);
}
