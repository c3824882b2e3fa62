import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../common/clock.js';
import { isCanonicalDecimal } from '../common/decimal.js';
import type { Interval } from '../common/interval.js';
import { besideTurns, nextTurn } from '../common/turns.js';
import { READER, WRITER } from '../database/names.js';
import { BULK_LANES, inLane } from '../database/lanes.js';
import type { Lease } from '../locks/lease.js';
import { LockService } from '../locks/lock.service.js';
import { SQL_NOW } from '../locks/sqlite-lock-store.js';
import { BatchSize, splitBatch } from './batch-size.js';
import type { Candle } from './candle.js';
import { CandleStore, InvalidCandleError, type CandleBatch, type CommitOptions } from './candle-store.js';
import { mergeSpans, type CoverageSpan } from './coverage.js';
import type { Series } from './series.js';

// One statement for the whole batch, its rows as one JSON text. `jsonb_each` hands out each row parsed; `json_each` would
// write it as text, to be parsed again for every column.
const INCOMING = `SELECT CAST(? AS INTEGER) AS series_id, value ->> 0 AS open_time, value ->> 1 AS open, value ->> 2 AS high,
    value ->> 3 AS low, value ->> 4 AS close, value ->> 5 AS volume
  FROM jsonb_each(?)`;

const ANY_STORED = `SELECT EXISTS (
  SELECT 1 FROM candle WHERE series_id = ? AND open_time BETWEEN ? AND ?) AS stored`;

// CROSS JOIN fixes the order: for each row that comes, the stored one by its key; the planner would scan instead.
const KEEP_REVISIONS = `INSERT INTO candle_revision (series_id, open_time, revised_at, open, high, low, close, volume)
  SELECT old.series_id, old.open_time, ${SQL_NOW}, old.open, old.high, old.low, old.close, old.volume
  FROM (${INCOMING}) AS new CROSS JOIN candle AS old USING (series_id, open_time)
  WHERE (old.open, old.high, old.low, old.close, old.volume) <> (new.open, new.high, new.low, new.close, new.volume)
  ON CONFLICT DO NOTHING`;

const UPSERT = `INSERT INTO candle (series_id, open_time, open, high, low, close, volume)
  SELECT * FROM (${INCOMING}) WHERE true
  ON CONFLICT (series_id, open_time) DO UPDATE SET open = excluded.open, high = excluded.high, low = excluded.low,
    close = excluded.close, volume = excluded.volume
  WHERE (candle.open, candle.high, candle.low, candle.close, candle.volume)
    <> (excluded.open, excluded.high, excluded.low, excluded.close, excluded.volume)`;

const SAVE_FORMING = `INSERT INTO forming_candle (series_id, open_time, open, high, low, close, volume, updated_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ${SQL_NOW})
  ON CONFLICT (series_id) DO UPDATE SET open_time = excluded.open_time, open = excluded.open, high = excluded.high,
    low = excluded.low, close = excluded.close, volume = excluded.volume, updated_at = excluded.updated_at
  WHERE excluded.open_time >= forming_candle.open_time`;

const FIGURES = ['open', 'high', 'low', 'close', 'volume'] as const;

const SELECT_COVERAGE =
  'SELECT from_time AS "from", to_time AS "to", state FROM coverage WHERE series_id = ?';

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
      'SELECT id, exchange, symbol, interval FROM series WHERE exchange = ? AND symbol = ? AND interval = ?';
    const [found] = await this.reader.query<Series[]>(find, key);
    if (found) return found;
    await this.writer.query(
      `INSERT INTO series (exchange, symbol, interval, created_at) VALUES (?, ?, ?, ${SQL_NOW}) ON CONFLICT DO NOTHING`,
      key,
    );
    const [made] = await this.reader.query<[Series]>(find, key);
    return made;
  }

  coverage(series: Series): Promise<CoverageSpan[]> {
    return this.reader.query<CoverageSpan[]>(`${SELECT_COVERAGE} ORDER BY from_time`, [series.id]);
  }

  async commit(lease: Lease, batch: CandleBatch, { lane, also, ...waiting }: CommitOptions): Promise<void> {
    const bulk = BULK_LANES.has(lane);
    if (bulk) await nextTurn();
    const parts = splitBatch(batch, this.batchSize.rows).map((part) => ({
      ...part,
      rows: JSON.stringify(part.candles.map(toRow)),
    }));
    const last = parts.at(-1);
    for (const part of parts) {
      const store = async (manager: EntityManager) => {
        await this.write(manager, part.series, part);
        if (part === last) await also?.(manager);
      };
      const commit = () => inLane(lane, () => this.locks.transaction(lease, store), waiting);
      await (bulk ? besideTurns(commit) : commit());
    }
  }

  private async write(
    manager: EntityManager,
    series: Series,
    { rows, candles, spans }: { rows: string; candles: readonly Candle[]; spans: readonly CoverageSpan[] },
  ): Promise<void> {
    const started = this.clock.monotonic();
    if (candles.length > 0) {
      if (await anyStored(manager, series, candles)) await manager.query(KEEP_REVISIONS, [series.id, rows]);
      await manager.query(UPSERT, [series.id, rows]);
    }
    if (spans.length > 0) await mergeCoverage(manager, series, spans);
    this.batchSize.measured(candles.length, this.clock.monotonic() - started);
  }

  async saveForming(lease: Lease, series: Series, candle: Candle): Promise<void> {
    const row = toRow(candle);
    return inLane('live', () =>
      this.locks.transaction(lease, async (manager) => {
        await manager.query(SAVE_FORMING, [series.id, ...row]);
      }),
    );
  }
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

/** Where a batch falls on new ground, as in a backfill, there is nothing that could be revised. */
async function anyStored(
  manager: EntityManager,
  series: Series,
  candles: readonly Candle[],
): Promise<boolean> {
  let [first, last] = [Infinity, -Infinity];
  for (const { openTime } of candles) {
    first = Math.min(first, openTime);
    last = Math.max(last, openTime);
  }
  const [{ stored }] = await manager.query<[{ stored: 0 | 1 }]>(ANY_STORED, [series.id, first, last]);
  return stored === 1;
}

/** Rewrites the rows that overlap or touch the new spans, and only those. */
async function mergeCoverage(
  manager: EntityManager,
  series: Series,
  added: readonly CoverageSpan[],
): Promise<void> {
  const [from, to] = [added[0]!.from, added.at(-1)!.to];
  const touching = 'to_time >= ? AND from_time <= ?';
  const known = await manager.query<CoverageSpan[]>(`${SELECT_COVERAGE} AND ${touching}`, [
    series.id,
    from,
    to,
  ]);
  await manager.query(`DELETE FROM coverage WHERE series_id = ? AND ${touching}`, [series.id, from, to]);
  const rows = mergeSpans(known, added).map((span) => [span.from, span.to, span.state]);
  await manager.query(
    `INSERT INTO coverage (series_id, from_time, to_time, state)
     SELECT CAST(? AS INTEGER), value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)`,
    [series.id, JSON.stringify(rows)],
  );
}
