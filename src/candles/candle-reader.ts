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
  /** The candles as text: `[t,o,h,l,c,v],[…` for JSON, without the outer brackets; lines for CSV. */
  readonly text: string;
  /** Where the next page begins: `from` of the next request, or `to` when descending; null when there is no more. */
  readonly next: number | null;
}

const COLUMNS = 'open_time, open, high, low, close, volume';
const ROW: Record<CandleFormat, { readonly row: string; readonly separator: string }> = {
  json: { row: `'[' || concat_ws(',', ${COLUMNS}) || ']'`, separator: `','` },
  csv: { row: `concat_ws(',', ${COLUMNS})`, separator: 'char(10)' },
};
const CLOSED = 'SELECT * FROM candle WHERE series_id = ?';
/** The stored forming candle counts only while no closed candle has caught up with it. */
const WITH_FORMING = `${CLOSED} UNION ALL
  SELECT series_id, ${COLUMNS} FROM forming_candle AS forming WHERE series_id = ? AND NOT EXISTS (
    SELECT 1 FROM candle WHERE candle.series_id = forming.series_id AND candle.open_time >= forming.open_time)`;
const MIN_TIME = -8_640_000_000_000_000;
const MAX_TIME = 8_640_000_000_000_000;

/**
 * Reads candles as text that SQLite itself builds on a worker thread: the digits are copied, never parsed, and the event
 * loop does not notice.
 */
@Injectable()
export class CandleReader {
  constructor(@InjectDataSource(READER) private readonly reader: DataSource) {}

  async read(query: CandleQuery): Promise<CandleText> {
    const { sql, parameters } = statement(query);
    const [row] = await this.reader.query<[{ text: string | null; next: number | null }]>(sql, parameters);
    return { text: row.text ?? '', next: row.next };
  }
}

/** The page, and whether anything comes after it, in one statement: one snapshot of the database. */
function statement(query: CandleQuery): { sql: string; parameters: number[] } {
  const { seriesId, from, to, limit, order, closed, format } = query;
  const { row, separator } = ROW[format];
  const bounds = [...(closed ? [seriesId] : [seriesId, seriesId]), from ?? MIN_TIME, to ?? MAX_TIME];
  const bounded = (columns: string, more: string) =>
    `SELECT ${columns} FROM (${closed ? CLOSED : WITH_FORMING}) WHERE open_time >= ? AND open_time < ? ${more}`;
  // Rows that are picked in the order of the answer are put together as they come: SQLite keeps the order of a subquery
  // for group_concat, and to sort them once more takes as long as to read them.
  const page = (pick: 'ASC' | 'DESC') => `
    SELECT group_concat(candle, ${separator} ${pick.toLowerCase() === order ? '' : `ORDER BY open_time ${order}`}) AS text,
      min(open_time) AS first, max(open_time) AS last
    FROM (${bounded(`open_time, ${row} AS candle`, `ORDER BY open_time ${pick} LIMIT ?`)})`;

  if (from === undefined && to === undefined && order === 'asc') {
    // Without bounds the newest candles are meant, also when they are to ascend; nothing comes after those.
    return { sql: `SELECT text, NULL AS next FROM (${page('DESC')})`, parameters: [...bounds, limit] };
  }
  const next =
    order === 'asc'
      ? `SELECT min(open_time) FROM (${bounded('open_time', 'AND open_time > page.last')})`
      : `SELECT page.first WHERE EXISTS (${bounded('1', 'AND open_time < page.first')})`;
  return {
    sql: `SELECT text, (${next}) AS next FROM (${page(order === 'asc' ? 'ASC' : 'DESC')}) AS page`,
    parameters: [...bounds, ...bounds, limit],
  };
}
