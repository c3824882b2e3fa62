import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { READER } from '../database/names.js';
import { SQL_NOW } from '../locks/sqlite-lock-store.js';
import type { Candle } from './candle.js';

export type Order = 'asc' | 'desc';
export type CandleFormat = 'json' | 'csv' | 'ndjson';

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
   * The candles as ASCII text: `[t,o,h,l,c,v],[…` for JSON, without the outer brackets; lines for CSV; objects in lines for
   * NDJSON. As bytes, since nobody looks into it before it is sent.
   */
  readonly text: Buffer;
  /** Where the next page begins: `from` of the next request, or `to` when descending; null when there is no more. */
  readonly next: number | null;
  /** The open time of the candle of the page that is still open, where there is one; later ones are open as well. */
  readonly forming: number | null;
  /** Whether it holds as many candles as were asked for. */
  readonly full: boolean;
}

/** A SELECT with the columns of `candle`. */
export interface RowsOf {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** Where the rows of a page come from. */
export interface PageSource extends RowsOf {
  /** The few rows that there are besides those: of the others no more are read than the page can hold. */
  readonly besides?: RowsOf;
  /** An aggregate over the rows of the page, and the one after it, that is wanted besides, and the column it is of. */
  readonly also?: { readonly sql: string; readonly parameters: readonly unknown[]; readonly column: string };
}

/** What to take of it. */
export type PageQuery = Omit<CandleQuery, 'seriesId' | 'closed'>;

export interface Page extends Omit<CandleText, 'forming'> {
  /** The aggregate that was wanted besides. */
  readonly also: string | number | null;
}

interface PageRow {
  readonly rows: Buffer | null;
  readonly count: number;
  readonly also: string | number | null;
}

const COLUMNS = 'open_time, open, high, low, close, volume';
/** The first line of CSV. */
export const CSV_HEADER = COLUMNS.replaceAll(', ', ',');
const NAMES = COLUMNS.split(', ');
interface Layout {
  readonly before: string;
  readonly between: string;
  readonly after: string;
  /** What stands before each figure of a candle. */
  readonly labels: readonly string[];
}
const PLAIN = NAMES.map((_, index) => (index === 0 ? '' : ','));
const LABELLED = NAMES.map((name, index) => `${index === 0 ? '' : ','}"${name}":`);
const LAYOUTS: Record<CandleFormat, Layout> = {
  json: { before: '[', between: '],[', after: ']', labels: PLAIN },
  csv: { before: '', between: '\n', after: '', labels: PLAIN },
  ndjson: { before: '{', between: '}\n{', after: '}', labels: LABELLED },
};
/** Concatenated by the operator, in registers that are used again for each row: a function would allocate each time. */
const ROWS = Object.fromEntries(
  Object.entries(LAYOUTS).map(([format, { labels }]) => [
    format,
    NAMES.map((name, index) => (labels[index] === '' ? name : `'${labels[index]}' || ${name}`)).join(' || '),
  ]),
) as Record<CandleFormat, string>;
const CLOSED = 'SELECT * FROM candle WHERE series_id = ?';
const NOT_FORMING = 'SELECT *, NULL AS forming FROM candle WHERE series_id = ?';
/** One that nobody has written for so long is not open any more, whatever it is: nobody collects it. Milliseconds. */
const FRESH_MS = 60_000;
/** Of a row of `forming_candle AS forming`. */
export const IS_FRESH = `forming.updated_at > ${SQL_NOW} - ${FRESH_MS}`;
/** The stored forming candle counts only while no closed candle has caught up with it. */
const STILL_FORMING = `SELECT series_id, ${COLUMNS}, open_time AS forming FROM forming_candle AS forming WHERE series_id = ? AND ${IS_FRESH} AND NOT EXISTS (
    SELECT 1 FROM candle WHERE candle.series_id = forming.series_id AND candle.open_time >= forming.open_time)`;
const MIN_TIME = -8_640_000_000_000_000;
const MAX_TIME = 8_640_000_000_000_000;
const FORMING = { sql: 'max(forming)', parameters: [], column: 'forming' };
const NOTHING: Pick<CandleText, 'text' | 'next'> = { text: Buffer.alloc(0), next: null };

/**
 * Reads candles as text that SQLite itself builds on a worker thread: the digits are copied, never parsed, and the event
 * loop does not notice.
 */
@Injectable()
export class CandleReader {
  constructor(@InjectDataSource(READER) private readonly reader: DataSource) {}

  async read({ seriesId, closed, ...query }: CandleQuery): Promise<CandleText> {
    const source = closed
      ? { sql: CLOSED, parameters: [seriesId] }
      : {
          sql: NOT_FORMING,
          parameters: [seriesId],
          besides: { sql: STILL_FORMING, parameters: [seriesId] },
          also: FORMING,
        };
    const { text, next, also, full } = await readPage(this.reader, query, source);
    // The aggregate is over one row more than the page has, where there is one.
    const forming = also === null ? null : Number(also);
    const isBehind = query.order === 'asc' && forming !== null && next !== null && forming >= next;
    return { text, next, full, forming: isBehind ? null : forming };
  }
}

/** The page and one candle more, which tells whether anything comes after it: one snapshot of the database. */
export async function readPage(reader: DataSource, query: PageQuery, source: PageSource): Promise<Page> {
  const { sql, parameters } = statement(query, source);
  const [{ rows, count, also }] = await reader.query<[PageRow]>(sql, parameters);
  const full = count >= query.limit;
  if (rows === null) return { ...NOTHING, full, also };
  const { before, after } = LAYOUTS[query.format];
  const { page, next } =
    count > query.limit ? cutLast(rows, LAYOUTS[query.format], query.order) : { page: rows, next: null };
  return { text: Buffer.concat([Buffer.from(before), page, Buffer.from(after)]), next, full, also };
}

function statement(
  { from, to, limit, order, format }: PageQuery,
  { sql: source, parameters: given, besides, also }: PageSource,
): { sql: string; parameters: unknown[] } {
  // Without bounds the newest candles are meant, also when they are to ascend; nothing comes after those.
  const newest = from === undefined && to === undefined && order === 'asc';
  const window = [from ?? MIN_TIME, to ?? MAX_TIME, newest ? limit : limit + 1];
  const inWindow = `WHERE open_time >= ? AND open_time < ? ORDER BY open_time ${newest ? 'DESC' : order} LIMIT ?`;
  const rows = besides
    ? {
        sql: `SELECT * FROM (SELECT * FROM (${source}) ${inWindow}) UNION ALL ${besides.sql}`,
        parameters: [...given, ...window, ...besides.parameters],
      }
    : { sql: source, parameters: given };
  // Rows that are picked in the order of the answer are put together as they come: SQLite keeps the order of a subquery
  // for group_concat, and to sort them once more takes as long as to read them.
  const sql = `SELECT CAST(group_concat(candle, ?${newest ? ' ORDER BY open_time' : ''}) AS BLOB) AS rows,
      count(*) AS count, ${also?.sql ?? 'NULL'} AS also
    FROM (SELECT open_time${also ? `, ${also.column}` : ''}, ${ROWS[format]} AS candle FROM (${rows.sql}) ${inWindow})`;
  return {
    sql,
    parameters: [LAYOUTS[format].between, ...(also?.parameters ?? []), ...rows.parameters, ...window],
  };
}

/** The text of candles that are not stored as they are. */
export function candleText(candles: readonly Candle[], format: CandleFormat): Buffer {
  if (candles.length === 0) return NOTHING.text;
  const { before, between, after, labels } = LAYOUTS[format];
  const rows = candles.map(({ openTime, open, high, low, close, volume }) =>
    [openTime, open, high, low, close, volume].map((figure, index) => `${labels[index]}${figure}`).join(''),
  );
  return Buffer.from(before + rows.join(between) + after);
}

/** Takes the last row off. @returns what is left, and where the next page begins */
function cutLast(rows: Buffer, { between, labels }: Layout, order: Order): { page: Buffer; next: number } {
  const end = rows.lastIndexOf(between);
  const page = rows.subarray(0, end);
  const lastOfPage = page.lastIndexOf(between);
  const start = order === 'asc' ? end + between.length : lastOfPage < 0 ? 0 : lastOfPage + between.length;
  const time = start + labels[0]!.length;
  return { page, next: Number(rows.toString('latin1', time, rows.indexOf(',', time))) };
}

/** The candles of a page in CSV. */
export function readCsv(text: Buffer): Candle[] {
  if (text.length === 0) return [];
  return text
    .toString('latin1')
    .split('\n')
    .map((line) => {
      const [openTime, open, high, low, close, volume] = line.split(',') as [
        string,
        string,
        string,
        string,
        string,
        string,
      ];
      return { openTime: Number(openTime), open, high, low, close, volume };
    });
}
