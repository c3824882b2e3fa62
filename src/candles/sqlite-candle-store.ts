import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../common/clock.js';
import { isCanonicalDecimal } from '../common/decimal.js';
import { gridOf, stepOpenTime, type Interval } from '../common/interval.js';
import { besideTurns, nextTurn } from '../common/turns.js';
import { READER, WRITER } from '../database/names.js';
import { BULK_LANES, inLane } from '../database/lanes.js';
import type { Lease } from '../locks/lease.js';
import { LockService } from '../locks/lock.service.js';
import { SQL_NOW } from '../locks/sqlite-lock-store.js';
import { BatchSize, splitBatch } from './batch-size.js';
import type { Candle } from './candle.js';
import {
  CandleStore,
  InvalidCandleError,
  type CandleBatch,
  type CommitOptions,
  type FormingSave,
  type CommitResult,
  type Milestones,
  type SeriesProgress,
} from './candle-store.js';
import { noteChange } from './change-log.js';
import { mergeCoverage, SELECT_COVERAGE, toSpan, type CoverageRow } from './coverage-rows.js';
import type { CoverageSpan } from './coverage.js';
import { quarantine } from './quarantine.js';
import { ROLLUP_SOURCE } from './rollup.js';
import type { Series } from './series.js';
import type { RejectedCandle } from './soundness.js';
import { completeRollups, prepareRollups, writeRollups, type PreparedRollups } from './sqlite-rollups.js';

// One statement for the whole batch, its rows as one JSON text. `jsonb_each` hands out each row parsed; `json_each` would
// write it as text, to be parsed again for every column.
const INCOMING = `SELECT CAST(? AS INTEGER) AS series_id, value ->> 0 AS open_time, value ->> 1 AS open, value ->> 2 AS high,
    value ->> 3 AS low, value ->> 4 AS close, value ->> 5 AS volume
  FROM jsonb_each(?)`;

const IS_FIXED = `SELECT grid_since IS NULL AND EXISTS (SELECT 1 FROM candle WHERE series_id = series.id) AS fixed
  FROM series WHERE id = ?`;

const KEPT_ROWS = `SELECT open_time AS openTime, json_array(open_time, open, high, low, close, volume) AS payload
  FROM candle WHERE series_id = ? ORDER BY open_time`;

/** What is known of a series by its grid. */
const FORGET_GRID = [
  'DELETE FROM candle WHERE series_id = ?',
  'DELETE FROM forming_candle WHERE series_id = ?',
  'DELETE FROM coverage WHERE series_id = ?',
  'UPDATE series SET history_from = NULL, listed_at = NULL, grid_since = NULL WHERE id = ?',
];

const STORED_BEFORE = `SELECT EXISTS (
    SELECT 1 FROM candle WHERE series_id = ? AND open_time BETWEEN ? AND ?) AS stored,
  (SELECT max(open_time) FROM candle WHERE series_id = ?) AS newest,
  (SELECT pruned_to > ? FROM series WHERE id = ?) AS fallsBeforePruned`;

/** What has been removed is there again from here on: what lies between is not. */
const LOWER_PRUNED_TO = 'UPDATE series SET pruned_to = ? WHERE id = ?';

// CROSS JOIN fixes the order: for each row that comes, the stored one by its key; the planner would scan instead.
const KEEP_REVISIONS = `INSERT INTO candle_revision (series_id, open_time, revised_at, open, high, low, close, volume)
  SELECT old.series_id, old.open_time, ${SQL_NOW}, old.open, old.high, old.low, old.close, old.volume
  FROM (${INCOMING}) AS new CROSS JOIN candle AS old USING (series_id, open_time)
  WHERE (old.open, old.high, old.low, old.close, old.volume) <> (new.open, new.high, new.low, new.close, new.volume)
  ON CONFLICT DO NOTHING RETURNING open_time AS openTime`;

/** Counted here, so that nobody has to count the rows. */
const COUNT_REVISIONS = 'UPDATE series SET revisions = revisions + ? WHERE id = ?';

const PROGRESS = `SELECT coalesce(settled_to, created_at - 86400000) AS settledTo, grid_since AS gridSince,
  history_from AS historyFrom FROM series WHERE id = ?`;

const NOTE_MILESTONES = `UPDATE series SET settled_to = coalesce(?, settled_to),
  history_from = coalesce(?, history_from), grid_since = iif(?, ?, grid_since) WHERE id = ?`;

const UPSERT = `INSERT INTO candle (series_id, open_time, open, high, low, close, volume)
  SELECT * FROM (${INCOMING}) WHERE true
  ON CONFLICT (series_id, open_time) DO UPDATE SET open = excluded.open, high = excluded.high, low = excluded.low,
    close = excluded.close, volume = excluded.volume
  WHERE (candle.open, candle.high, candle.low, candle.close, candle.volume)
    <> (excluded.open, excluded.high, excluded.low, excluded.close, excluded.volume)`;

/** How far into a candle the one before it is waited for, in milliseconds: sync asks for it two seconds after its end. */
const LAST_WORD_MS = 10_000;
/** The one that is kept is over, and what it came to in the end has not been stored yet. */
const IS_AWAITED = `excluded.open_time > forming_candle.open_time
  AND excluded.updated_at - excluded.open_time BETWEEN 0 AND ${LAST_WORD_MS}
  AND NOT EXISTS (SELECT 1 FROM candle
    WHERE candle.series_id = forming_candle.series_id AND candle.open_time >= forming_candle.open_time)`;
/**
 * The next candle does not take the place of one whose last word has not come: longer candles would lose that minute for a
 * moment, and a chart would get the new one before the old one is final.
 */
const KEEP_NEWEST = `ON CONFLICT (series_id) DO UPDATE SET ${[
  'open_time',
  'open',
  'high',
  'low',
  'close',
  'volume',
]
  .map((column) => `${column} = iif(${IS_AWAITED}, forming_candle.${column}, excluded.${column})`)
  .join(', ')}, updated_at = excluded.updated_at
  WHERE excluded.open_time >= forming_candle.open_time`;

const SAVE_FORMING = `INSERT INTO forming_candle (series_id, open_time, open, high, low, close, volume, updated_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ${SQL_NOW}) ${KEEP_NEWEST}`;

// A row whose lease is another's by now, or was given back, finds no partner.
const SAVE_FORMING_OF_MANY = `INSERT INTO forming_candle (series_id, open_time, open, high, low, close, volume, updated_at)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, ${SQL_NOW}
  FROM json_each(?) CROSS JOIN job_lock
  WHERE job_lock.name = value ->> 7 AND job_lock.holder = value ->> 8 AND job_lock.fence = value ->> 9
  ${KEEP_NEWEST}`;

const FIGURES = ['open', 'high', 'low', 'close', 'volume'] as const;

/** What one transaction stores. */
interface Part {
  readonly rows: string;
  readonly candles: readonly Candle[];
  readonly spans: readonly CoverageSpan[];
  readonly rejected?: CandleBatch['rejected'];
  /** Of a series of one-minute candles. */
  readonly rollups: PreparedRollups | null;
  /** Whether it is work of a bulk lane: history, and nothing that has just closed. */
  readonly isBulk: boolean;
}

@Injectable()
export class SqliteCandleStore extends CandleStore {
  private readonly batchSize = new BatchSize();

  constructor(
    @InjectDataSource(WRITER) private readonly writer: DataSource,
    @InjectDataSource(READER) private readonly reader: DataSource,
    @Inject(LockService) private readonly locks: LockService,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    super();
  }

  async ensureSeries(exchange: string, symbol: string, interval: Interval): Promise<Series> {
    const key = [exchange, symbol, interval];
    const find =
      'SELECT id, exchange, symbol, interval, anchor FROM series WHERE exchange = ? AND symbol = ? AND interval = ?';
    const [found] = await this.reader.query<StoredSeries[]>(find, key);
    if (found) return toSeries(found);
    await this.writer.query(
      `INSERT INTO series (exchange, symbol, interval, created_at) VALUES (?, ?, ?, ${SQL_NOW}) ON CONFLICT DO NOTHING`,
      key,
    );
    const [made] = await this.reader.query<[StoredSeries]>(find, key);
    return toSeries(made);
  }

  async moveGrid(lease: Lease, series: Series, anchor: number): Promise<Series> {
    const moved = await this.locks.transaction(lease, async (manager) => {
      const [{ fixed }] = await manager.query<[{ fixed: 0 | 1 }]>(IS_FIXED, [series.id]);
      if (fixed === 1) return false;
      const rows = await manager.query<Array<Omit<RejectedCandle, 'reason'>>>(KEPT_ROWS, [series.id]);
      const rejected = rows.map((row) => ({ ...row, reason: 'off_grid' as const }));
      if (rejected.length > 0) await quarantine(manager, series, rejected);
      for (const statement of FORGET_GRID) await manager.query(statement, [series.id]);
      await manager.query('UPDATE series SET anchor = ? WHERE id = ?', [anchor, series.id]);
      await noteChange(manager, { seriesId: series.id });
      return true;
    });
    return moved ? { ...series, anchor } : series;
  }

  async coverage(series: Series): Promise<CoverageSpan[]> {
    const rows = await this.reader.query<CoverageRow[]>(`${SELECT_COVERAGE} ORDER BY from_time`, [series.id]);
    return rows.map(toSpan);
  }

  async progress(series: Series): Promise<SeriesProgress> {
    const [progress] = await this.reader.query<[SeriesProgress]>(PROGRESS, [series.id]);
    return progress;
  }

  async commit(
    lease: Lease,
    batch: CandleBatch,
    { lane, also, milestones, ...waiting }: CommitOptions,
  ): Promise<CommitResult> {
    const bulk = BULK_LANES.has(lane);
    if (bulk) await nextTurn();
    const parts = splitBatch(batch, this.batchSize.rows).map((part) => ({
      ...part,
      rows: JSON.stringify(part.candles.map(toRow)),
    }));
    const last = parts.at(-1);
    const revised: number[] = [];
    for (const part of parts) {
      const rollups =
        part.series.interval === ROLLUP_SOURCE
          ? await prepareRollups(part.candles, bulk ? nextTurn : undefined)
          : null;
      const store = async (manager: EntityManager) => {
        const changed = await this.write(manager, part.series, { ...part, rollups, isBulk: bulk });
        if (part === last && milestones) await noteMilestones(manager, part.series, milestones);
        if (part === last) await also?.(manager);
        return changed;
      };
      const commit = () => inLane(lane, () => this.locks.transaction(lease, store), waiting);
      revised.push(...(await (bulk ? besideTurns(commit) : commit())));
      this.rejections.report(part.series, part.rejected ?? []);
    }
    return { revised };
  }

  private async write(
    manager: EntityManager,
    series: Series,
    { rows, candles, spans, rollups, isBulk, rejected = [] }: Part,
  ): Promise<number[]> {
    const started = this.clock.monotonic();
    let revised: number[] = [];
    let head: number | null = null;
    let changed = false;
    if (candles.length > 0) {
      const { stored, newest, first, fallsBeforePruned } = await storedBefore(manager, series, candles);
      const rollupRows = rollups && (await completeRollups(manager, series.id, rollups, newest));
      if (stored) revised = await keepRevisions(manager, series, rows);
      await manager.query(UPSERT, [series.id, rows]);
      const [{ count }] = await manager.query<[{ count: number }]>('SELECT changes() AS count');
      changed = count > 0;
      if (fallsBeforePruned === 1) await manager.query(LOWER_PRUNED_TO, [first, series.id]);
      if (rollupRows !== null) await writeRollups(manager, series.id, rollupRows);
      const before = newest === null ? null : stepOpenTime(gridOf(series), newest, 1);
      if (!isBulk && before !== null && candles.some(({ openTime }) => openTime >= before)) head = before;
    }
    if (spans.length > 0 && (await mergeCoverage(manager, series, spans))) changed = true;
    const window = changed ? extentOf(series, candles, spans) : null;
    if (window) await noteChange(manager, { seriesId: series.id, ...window, head, revised });
    if (rejected.length > 0) await quarantine(manager, series, rejected);
    this.batchSize.measured(candles.length, this.clock.monotonic() - started);
    return revised.toSorted((a, b) => a - b);
  }

  async saveForming(lease: Lease, series: Series, candle: Candle): Promise<void> {
    const row = toRow(candle);
    return inLane('live', () =>
      this.locks.transaction(lease, async (manager) => {
        await manager.query(SAVE_FORMING, [series.id, ...row]);
      }),
    );
  }

  async saveFormingOfMany(saves: readonly FormingSave[]): Promise<void> {
    const rows = saves.map(({ series, candle, lease }) => [
      series.id,
      ...toRow(candle),
      lease.name,
      lease.holder,
      lease.fence,
    ]);
    await inLane('live', () => this.writer.query(SAVE_FORMING_OF_MANY, [JSON.stringify(rows)]));
  }
}

interface StoredSeries extends Series {
  readonly anchor: number;
}

function toSeries({ anchor, ...series }: StoredSeries): Series {
  return anchor === 0 ? series : { ...series, anchor };
}

/**
 * Answers are put together from these texts without another look, so nothing else may get in.
 *
 * @throws InvalidCandleError
 */
function toRow(candle: Candle): unknown[] {
  const { openTime, open, high, low, close, volume } = candle;
  for (const name of FIGURES) {
    if (!isCanonicalDecimal(candle[name])) throw new InvalidCandleError(openTime, name);
  }
  return [openTime, open, high, low, close, volume];
}

interface StoredBefore {
  readonly stored: 0 | 1;
  readonly newest: number | null;
  /** Whether the batch begins before what has been removed ends. */
  readonly fallsBeforePruned: 0 | 1 | null;
}

/** Where a batch falls on new ground, as in a backfill, there is nothing that could be revised. */
async function storedBefore(
  manager: EntityManager,
  series: Series,
  candles: readonly Candle[],
): Promise<StoredBefore & { readonly first: number }> {
  let [first, last] = [Infinity, -Infinity];
  for (const { openTime } of candles) {
    first = Math.min(first, openTime);
    last = Math.max(last, openTime);
  }
  const parameters = [series.id, first, last, series.id, first, series.id];
  const [found] = await manager.query<[StoredBefore]>(STORED_BEFORE, parameters);
  return { ...found, first };
}

/** @returns the open times of the candles that are about to change */
async function keepRevisions(manager: EntityManager, series: Series, rows: string): Promise<number[]> {
  const kept = await manager.query<Array<{ openTime: number }>>(KEEP_REVISIONS, [series.id, rows]);
  if (kept.length > 0) await manager.query(COUNT_REVISIONS, [kept.length, series.id]);
  return kept.map(({ openTime }) => openTime);
}

/** The stretch of time that a batch says anything of, or null. */
function extentOf(
  series: Series,
  candles: readonly Candle[],
  spans: readonly CoverageSpan[],
): { from: number; to: number } | null {
  let [from, to] = [Infinity, -Infinity];
  for (const { openTime } of candles) {
    from = Math.min(from, openTime);
    to = Math.max(to, openTime);
  }
  if (candles.length > 0) to = stepOpenTime(gridOf(series), to, 1);
  if (spans.length > 0) {
    from = Math.min(from, spans[0]!.from);
    to = Math.max(to, spans.at(-1)!.to);
  }
  return from < to ? { from, to } : null;
}

async function noteMilestones(
  manager: EntityManager,
  series: Series,
  { settledTo, historyFrom, gridSince }: Milestones,
): Promise<void> {
  const grid = [gridSince === undefined ? 0 : 1, gridSince ?? null];
  await manager.query(NOTE_MILESTONES, [settledTo ?? null, historyFrom ?? null, ...grid, series.id]);
}
