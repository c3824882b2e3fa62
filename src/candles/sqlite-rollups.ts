import type { EntityManager } from 'typeorm';
import type { Interval } from '../common/interval.js';
import type { Candle } from './candle.js';
import { ROLLUP_LEVELS, ROLLUP_SOURCE, toCandle, type Rollup } from './rollup.js';
import { RollupCompletion } from './rollup-completion.js';
import { draftLevel, draftMinutes, type RollupDraft, type Touched } from './rollup-draft.js';
import { readStored } from './stored-rollups.js';

/** The rollups that follow from a batch of one-minute candles, as far as they do without the database. */
export interface PreparedRollups {
  readonly draft: RollupDraft;
  /** Those that the batch holds all of, as rows of JSON, without the outer brackets. */
  readonly rows: string;
}

/** So many candles take about a millisecond. */
const LONG_PIECE = 500;

const FIGURES = 'open, high, low, close, volume';

const UPSERT = `INSERT INTO rollup (series_id, interval, open_time, ${FIGURES}, minutes)
  SELECT CAST(? AS INTEGER), value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
    value ->> 7 FROM jsonb_each(?) WHERE true
  ON CONFLICT (series_id, interval, open_time) DO UPDATE SET open = excluded.open, high = excluded.high,
    low = excluded.low, close = excluded.close, volume = excluded.volume, minutes = excluded.minutes
  WHERE (rollup.open, rollup.high, rollup.low, rollup.close, rollup.volume, rollup.minutes)
    <> (excluded.open, excluded.high, excluded.low, excluded.close, excluded.volume, excluded.minutes)`;

/**
 * Does what can be done before the transaction.
 *
 * @param candles of one minute
 * @param pause waited for between pieces of the work
 */
export async function prepareRollups(
  candles: readonly Candle[],
  pause?: () => Promise<void>,
): Promise<PreparedRollups> {
  const draft = new Map<Interval, readonly Touched[]>([[ROLLUP_SOURCE, draftMinutes(candles)]]);
  const rows: string[] = [];
  for (const level of ROLLUP_LEVELS) {
    const parts = draft.get(level.source)!;
    if (parts.length >= LONG_PIECE) await pause?.();
    const touched = draftLevel(level, parts);
    draft.set(level.interval, touched);
    for (const { rollup } of touched) if (rollup) rows.push(toRow(level.interval, rollup));
  }
  return { draft, rows: rows.join(',') };
}

/**
 * Reads what else the rollups of a batch are made of. To be called before the candles of the batch are stored.
 *
 * @param newestBefore open time of the newest candle of the series, Unix ms
 * @returns the rows to be handed to `writeRollups`
 */
export async function completeRollups(
  manager: EntityManager,
  seriesId: number,
  { draft, rows }: PreparedRollups,
  newestBefore: number | null,
): Promise<string> {
  const completion = new RollupCompletion(draft, newestBefore);
  const stored = await readStored(manager, seriesId, completion.wanted);
  const completed = completion.complete(stored).map(({ interval, rollup }) => toRow(interval, rollup));
  return `[${[...(rows === '' ? [] : [rows]), ...completed].join(',')}]`;
}

/** Writes what has changed. */
export async function writeRollups(manager: EntityManager, seriesId: number, rows: string): Promise<void> {
  if (rows !== '[]') await manager.query(UPSERT, [seriesId, rows]);
}

/** Canonical decimals and names of intervals hold nothing that JSON would have to escape. */
function toRow(interval: Interval, rollup: Rollup): string {
  const { openTime, open, high, low, close, volume } = toCandle(rollup);
  return `["${interval}",${openTime},"${open}","${high}","${low}","${close}","${volume}",${rollup.minutes}]`;
}
