import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { READER } from '../database/names.js';

export type Order = 'asc' | 'desc';
export type CandleFormat = 'json' | 'csv';

export interface CandleQuery {
  readonly seriesId: number;
  /** First open time, Unix ms. */
  readonly from?: number | undefined;
  /** Open times from here on are left out, Unix ms. */
  readonly to?: number | undefined;
  readonly limit: number;
  readonly order: Order;
  /** Whether to leave out the candle that is still open. */
  readonly closed: boolean;
  readonly format: CandleFormat;
}

export interface CandleText {
  /**
   * The candles as ASCII text: `[t,o,h,l,c,v],[…` for JSON, without the outer brackets; lines for CSV. As bytes, since
   * nobody looks into it before it is sent.
   */
  readonly text: Buffer;
  /** Where the next page begins: `from` of the next request, or `to` when descending; null when there is no more. */
  readonly next: number | null;
}

const COLUMNS = 'open_time, open, high, low, close, volume';
/** Concatenated by the operator, in registers that are used again for each row: a function would allocate each time. */
const ROW = COLUMNS.replaceAll(', ', ` || ',' || `);
interface Layout {
  readonly before: string;
  readonly between: string;
  readonly after: string;
}
const LAYOUTS: Record<CandleFormat, Layout> = {
  json: { before: '[', between: '],[', after: ']' },
  csv: { before: '', between: '\n', after: '' },
};
const CLOSED = 'SELECT * FROM candle WHERE series_id = ?';
/** The stored forming candle counts only while no closed candle has caught up with it. */
const WITH_FORMING = `${CLOSED} UNION ALL
  SELECT series_id, ${COLUMNS} FROM forming_candle AS forming WHERE series_id = ? AND NOT EXISTS (
    SELECT 1 FROM candle WHERE candle.series_id = forming.series_id AND candle.open_time >= forming.open_time)`;
const MIN_TIME = -8_640_000_000_000_000;
const MAX_TIME = 8_640_000_000_000_000;
const NOTHING: CandleText = { text: Buffer.alloc(0), next: null };

/**
 * Reads candles as text that SQLite itself builds on a worker thread: the digits are copied, never parsed, and the event
 * loop does not notice.
 */
@Injectable()
export class CandleReader {
  constructor(@InjectDataSource(READER) private readonly reader: DataSource) {}

  async read(query: CandleQuery): Promise<CandleText> {
    const { sql, parameters } = statement(query);
    const [{ rows, count }] = await this.reader.query<[{ rows: Buffer | null; count: number }]>(
      sql,
      parameters,
    );
    if (rows === null) return NOTHING;
    const { before, between, after } = LAYOUTS[query.format];
    const { page, next } =
      count > query.limit ? cutLast(rows, between, query.order) : { page: rows, next: null };
    return { text: Buffer.concat([Buffer.from(before), page, Buffer.from(after)]), next };
  }
}

/** The page and one candle more, which tells whether anything comes after it: one snapshot of the database. */
function statement(query: CandleQuery): { sql: string; parameters: unknown[] } {
  const { seriesId, from, to, limit, order, closed, format } = query;
  // Without bounds the newest candles are meant, also when they are to ascend; nothing comes after those.
  const newest = from === undefined && to === undefined && order === 'asc';
  // Rows that are picked in the order of the answer are put together as they come: SQLite keeps the order of a subquery
  // for group_concat, and to sort them once more takes as long as to read them.
  const sql = `SELECT CAST(group_concat(candle, ?${newest ? ' ORDER BY open_time' : ''}) AS BLOB) AS rows, count(*) AS count
    FROM (SELECT open_time, ${ROW} AS candle FROM (${closed ? CLOSED : WITH_FORMING})
      WHERE open_time >= ? AND open_time < ? ORDER BY open_time ${newest ? 'DESC' : order} LIMIT ?)`;
  const { between } = LAYOUTS[format];
  const series = closed ? [seriesId] : [seriesId, seriesId];
  return {
    sql,
    parameters: [between, ...series, from ?? MIN_TIME, to ?? MAX_TIME, newest ? limit : limit + 1],
  };
}

/** Takes the last row off. @returns what is left, and where the next page begins */
function cutLast(rows: Buffer, between: string, order: Order): { page: Buffer; next: number } {
  const end = rows.lastIndexOf(between);
  const page = rows.subarray(0, end);
  const lastOfPage = page.lastIndexOf(between);
  const start = order === 'asc' ? end + between.length : lastOfPage < 0 ? 0 : lastOfPage + between.length;
  return { page, next: Number(rows.toString('latin1', start, rows.indexOf(',', start))) };
}
