import { SqliteConnection } from '../../../src/database/sqlite/sqlite-connection.js';
import type { Acknowledgement, History, JournalRow, RunRow, StoredCandles, StoredSpan } from './history.js';

interface FlatJournalRow extends Omit<JournalRow, 'written' | 'run'> {
  readonly series: number | null;
  readonly from: number;
  readonly to: number;
  readonly candles: number;
  readonly job: string | null;
  readonly slot: number;
}

const JOURNAL = `SELECT position, lease, fence, holder, batch, series_id AS series, from_time AS "from", to_time AS "to",
  candles, job, slot FROM fault_journal ORDER BY position`;

// The figures of a worker's candle: open = worker, high = fence, low = batch, close = its place, volume = batch's size.
const CANDLES = `SELECT series_id AS series, CAST(low AS INTEGER) AS batch, CAST(high AS INTEGER) AS fence,
    count(DISTINCT close) AS count, min(open_time) AS first, max(open_time) AS last
  FROM candle JOIN series ON series.id = series_id WHERE exchange = 'fault'
  GROUP BY series_id, low, high, open, volume`;

const COVERAGE = `SELECT series_id AS series, from_time AS "from", to_time AS "to", coverage.state AS state,
    (SELECT count(*) FROM candle WHERE candle.series_id = coverage.series_id
      AND open_time >= from_time AND open_time < to_time) AS candles
  FROM coverage JOIN series ON series.id = series_id WHERE exchange = 'fault'`;

const RUNS = `SELECT name AS job, slot, fence, outcome FROM job_run WHERE name LIKE 'fault:%'`;

/** Reads what fenced workers have left in a file, in one snapshot. */
export async function readHistory(
  file: string,
  acknowledged: readonly Acknowledgement[],
): Promise<History & { readonly quickCheck: unknown }> {
  const connection = await SqliteConnection.open(file, 'ro');
  try {
    await connection.all('PRAGMA busy_timeout = 5000');
    await connection.all('BEGIN');
    const journal = await connection.all<FlatJournalRow>(JOURNAL);
    const candles = await connection.all<StoredCandles>(CANDLES);
    const coverage = await connection.all<StoredSpan>(COVERAGE);
    const runs = await connection.all<RunRow>(RUNS);
    await connection.all('COMMIT');
    const quickCheck = await connection.all('PRAGMA quick_check');
    return { journal: journal.map(unfold), acknowledged, candles, coverage, runs, quickCheck };
  } finally {
    await connection.close();
  }
}

function unfold({ series, from, to, candles, job, slot, ...row }: FlatJournalRow): JournalRow {
  const written = series === null ? null : { series, from, to, candles };
  return { ...row, written, run: job === null ? null : { job, slot } };
}
