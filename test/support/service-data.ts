import type { Candle } from '../../src/candles/candle.js';
import { SqliteConnection } from '../../src/database/sqlite/sqlite-connection.js';
import type { BinanceServer } from './binance-server.js';
import { expect } from 'vitest';
import type { ServiceProcess } from './service-process.js';

export const MINUTE = 60_000;

export interface SeriesBody {
  readonly id: number;
  readonly exchange: string;
  readonly symbol: string;
  readonly interval: string;
  readonly first: number | null;
  readonly last: number | null;
  readonly count: number;
  readonly lag: number | null;
  readonly completeness: number | null;
  readonly missing: number;
  readonly gaps: number;
  readonly revisions: number;
  readonly quarantined: number;
}

/** A page of `/api/v1/candles`, its figures as the characters that were sent. */
export interface Page {
  readonly candles: Candle[];
  readonly next: number | null;
}

const ROW = /^(-?\d+),([^,]+),([^,]+),([^,]+),([^,]+),([^,]+)$/;

/** Reads the JSON by hand: `JSON.parse` would round the figures to doubles. */
export function readPage(text: string): Page {
  const match = /"candles":\[(.*)\],"next":(null|\d+)(?:,"(?:forming|filled|partial)":.*)?\}$/.exec(text);
  if (!match) throw new Error(`not a page of candles: ${text.slice(0, 200)}`);
  const rows = match[1] === '' ? [] : match[1]!.slice(1, -1).split('],[');
  return { candles: rows.map(readRow), next: match[2] === 'null' ? null : Number(match[2]) };
}

/** One candle as `t,o,h,l,c,v`. */
export function readRow(row: string): Candle {
  const [, openTime, open, high, low, close, volume] = ROW.exec(row) ?? [];
  if (volume === undefined) throw new Error(`not a candle: ${row}`);
  return { openTime: Number(openTime), open: open!, high: high!, low: low!, close: close!, volume };
}

/** Follows `next` from page to page, to the end. */
export async function readAllPages(
  service: ServiceProcess,
  query: Record<string, string | number>,
): Promise<{ candles: Candle[]; pages: number }> {
  const all: Candle[] = [];
  const bound = query['order'] === 'desc' ? 'to' : 'from';
  let parameters = { ...query };
  for (let pages = 1; ; pages += 1) {
    const { candles, next } = readPage((await get(service, parameters)).text);
    all.push(...candles);
    if (next === null) return { candles: all, pages };
    expect(candles).toHaveLength(Number(query['limit']));
    expect(next, 'where the next page begins').not.toBe(parameters[bound]);
    parameters = { ...query, [bound]: next };
  }
}

async function get(service: ServiceProcess, query: Record<string, string | number>) {
  const answer = await service.get(candlesPath(query));
  expect(answer.status, answer.text.slice(0, 300)).toBe(200);
  return answer;
}

/** `/api/v1/candles?…` */
export function candlesPath(query: Record<string, string | number>): string {
  const text = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
  return `/api/v1/candles?${new URLSearchParams(text).toString()}`;
}

/** Whether two long lists are equal; tells where they first differ, and not all of both. */
export function expectSameCandles(actual: readonly Candle[], expected: readonly Candle[]): void {
  const index = expected.findIndex((candle, at) => !sameCandle(candle, actual[at]));
  if (index >= 0) expect({ index, candle: actual[index] }).toEqual({ index, candle: expected[index] });
  expect(actual.length).toBe(expected.length);
}

function sameCandle(a: Candle, b: Candle | undefined): boolean {
  return (
    b !== undefined &&
    a.openTime === b.openTime &&
    a.open === b.open &&
    a.high === b.high &&
    a.low === b.low &&
    a.close === b.close &&
    a.volume === b.volume
  );
}

/** Waits until each symbol has as many candles, and a backfill of each series has come to its end. */
export async function backfilled(service: ServiceProcess, counts: Record<string, number>): Promise<void> {
  const symbols = Object.keys(counts);
  await service.poll(
    '/api/v1/series',
    ({ body }) => {
      const kept = body.series as SeriesBody[];
      return symbols.every((symbol) =>
        kept.some((it) => it.symbol === symbol && it.count === counts[symbol]),
      );
    },
    `${JSON.stringify(counts)} candles`,
  );
  await service.until('the end of the backfills', async () => {
    const ended = await queryFile(
      service.database,
      `SELECT DISTINCT name FROM job_run WHERE name LIKE 'backfill:%' AND outcome = 'ok'`,
    );
    return ended.length >= symbols.length;
  });
}

/** Rows of a database, through a read-only connection of the test's own. */
export async function queryFile<Row = Record<string, unknown>>(
  file: string,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<Row[]> {
  const connection = await SqliteConnection.open(file, 'ro');
  try {
    await connection.all('PRAGMA busy_timeout = 5000');
    return await connection.all<Row>(sql, parameters);
  } finally {
    await connection.close();
  }
}

/** Of each request for candles the time that it asks for, in the order of arrival. */
export interface AskedWindow {
  readonly symbol: string;
  readonly from: number;
  readonly to: number;
  readonly aborted: boolean;
}

/** How many of the newest candles sync asks for again. */
const READ_AGAIN = 2;

/** @param before the end of the history that is looked at: sync's second look at its newest candles is left out */
export function askedWindows(server: BinanceServer, before = Infinity): AskedWindow[] {
  return server
    .klineRequests()
    .map(({ query, aborted }) => {
      const from = Number(query['startTime']);
      return { symbol: query['symbol']!, from, to: from + Number(query['limit']) * MINUTE, aborted };
    })
    .filter(({ from }) => from < before - READ_AGAIN * MINUTE);
}

/** The pages that overlap one that was asked for before, each with the earlier one. */
export function repeatedPages(
  windows: readonly AskedWindow[],
  symbol: string,
): Array<[AskedWindow, AskedWindow]> {
  const own = windows.filter((window) => window.symbol === symbol.replace('/', ''));
  return own.flatMap((later, index) =>
    own
      .slice(0, index)
      .filter((earlier) => earlier.from < later.to && later.from < earlier.to)
      .map((earlier): [AskedWindow, AskedWindow] => [earlier, later]),
  );
}
