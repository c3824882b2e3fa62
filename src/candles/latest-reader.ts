import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { Interval } from '../common/interval.js';
import { Semaphore } from '../common/semaphore.js';
import { READER } from '../database/names.js';
import type { Candle } from './candle.js';
import { IS_FRESH } from './candle-reader.js';
import { CandlePages } from './candle-pages.js';
import { MarketReader } from './market-reader.js';
import { SeriesReader } from './series-reader.js';

/** Which series are meant: all that are kept where nothing is named. */
export interface LatestQuery {
  readonly exchange?: string | undefined;
  readonly symbols?: readonly string[] | undefined;
  /** Where none is named, each series at the interval that it is collected at. */
  readonly interval?: Interval | undefined;
  /** Whether to leave out the candle that is still open. */
  readonly closed: boolean;
}

export interface LatestCandle {
  readonly exchange: string;
  readonly symbol: string;
  readonly interval: Interval;
  readonly candle: Candle;
  readonly closed: boolean;
}

type Row = Pick<LatestCandle, 'exchange' | 'symbol' | 'interval'> & Candle & { readonly isClosed: 0 | 1 };

const FIGURES = 'open, high, low, close, volume';
const NEWEST_CLOSED = '(SELECT max(open_time) FROM candle WHERE series_id = series.id)';
const CLOSED = `SELECT exchange, symbol, interval, open_time AS openTime, ${FIGURES}, 1 AS isClosed
  FROM series JOIN candle ON candle.series_id = series.id AND open_time = ${NEWEST_CLOSED}`;
const FORMING = `SELECT exchange, symbol, interval, open_time AS openTime, ${FIGURES}, 0 AS isClosed
  FROM series JOIN forming_candle AS forming ON forming.series_id = series.id AND ${IS_FRESH}
    AND forming.open_time > coalesce(${NEWEST_CLOSED}, -1)`;
const WANTED = `WHERE deleted_at IS NULL AND (exchange = ? OR ? IS NULL) AND (interval = ? OR ? IS NULL)
  AND (? IS NULL OR symbol IN (SELECT value FROM json_each(?)))`;

/** Intervals that nobody collects are made one by one: so many at a time. */
const AT_ONCE = 4;

/** The last candle of many series at once. */
@Injectable()
export class LatestReader {
  constructor(
    @InjectDataSource(READER) private readonly reader: DataSource,
    @Inject(MarketReader) private readonly markets: MarketReader,
    @Inject(SeriesReader) private readonly series: SeriesReader,
    @Inject(CandlePages) private readonly pages: CandlePages,
  ) {}

  /** By exchange and symbol; a series without any candle is left out. */
  async read(query: LatestQuery): Promise<LatestCandle[]> {
    const collected = await this.collected(query);
    const derived = query.interval ? await this.derived(query, query.interval, collected) : [];
    return [...collected, ...derived].toSorted((a, b) => compare(keyOf(a), keyOf(b)));
  }

  private async collected({ exchange, symbols, interval, closed }: LatestQuery): Promise<LatestCandle[]> {
    const names = symbols ? JSON.stringify(symbols) : null;
    const given = [exchange ?? null, exchange ?? null, interval ?? null, interval ?? null, names, names];
    const sql = closed ? `${CLOSED} ${WANTED}` : `${CLOSED} ${WANTED} UNION ALL ${FORMING} ${WANTED}`;
    const rows = await this.reader.query<Row[]>(sql, closed ? given : [...given, ...given]);
    const latest = new Map<string, LatestCandle>();
    for (const { isClosed, exchange, symbol, interval, ...candle } of rows) {
      const found = { exchange, symbol, interval, candle, closed: isClosed === 1 };
      const known = latest.get(keyOf(found));
      if (!known || known.candle.openTime < candle.openTime) latest.set(keyOf(found), found);
    }
    return [...latest.values()];
  }

  private async derived(
    { exchange, symbols, closed }: LatestQuery,
    interval: Interval,
    collected: readonly LatestCandle[],
  ): Promise<LatestCandle[]> {
    const known = new Set(collected.map(keyOf));
    const wanted = (await this.markets.list()).filter(
      (market) =>
        (exchange === undefined || market.exchange === exchange) &&
        (symbols === undefined || symbols.includes(market.symbol)) &&
        market.intervals.includes(interval) &&
        !known.has(keyOf({ ...market, interval })),
    );
    const gate = new Semaphore(AT_ONCE);
    const found = await Promise.all(
      wanted.map((market) =>
        gate.run(async (): Promise<LatestCandle[]> => {
          const source = await this.series.find(market.exchange, market.symbol, interval);
          if (source.rollup === null) return [];
          const query = { from: undefined, to: undefined, limit: 1, order: 'desc', closed } as const;
          const { candles, forming } = await this.pages.rows(source, query);
          return candles.map((candle) => ({
            exchange: market.exchange,
            symbol: market.symbol,
            interval,
            candle,
            closed: forming === null,
          }));
        }),
      ),
    );
    return found.flat();
  }
}

function keyOf({
  exchange,
  symbol,
  interval,
}: Pick<LatestCandle, 'exchange' | 'symbol' | 'interval'>): string {
  return `${exchange} ${symbol} ${interval}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
