import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { CryptoFlowError } from '../common/errors.js';
import { countOpenTimes, stepOpenTime, type Interval } from '../common/interval.js';
import { READER } from '../database/names.js';
import type { CoverageSpan } from './coverage.js';
import type { Series, SeriesSummary } from './series.js';

/** Nothing is kept under that name. */
export class NotKeptError extends CryptoFlowError {
  constructor(what: 'exchange' | 'symbol' | 'interval' | 'series', message: string) {
    super(`${what.toUpperCase()}_NOT_KEPT`, message);
  }
}

interface Row extends Series {
  /** `[[from, to], …]` of the stretches that we have, as JSON. */
  readonly have: string;
}

// What there is follows from the coverage: its rows are as many as there are holes, whatever the number of candles.
const SUMMARIES = `SELECT id, exchange, symbol, interval, (
    SELECT json_group_array(json_array(from_time, to_time)) FROM coverage
    WHERE series_id = series.id AND state = 'have'
  ) AS have FROM series`;

/** For so long a series that was found is not looked up again. */
const REMEMBERED_MS = 1000;

/** Tells what is kept. */
@Injectable()
export class SeriesReader {
  private readonly found = new Map<string, { readonly series: Series; readonly until: number }>();

  constructor(
    @InjectDataSource(READER) private readonly reader: DataSource,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async list(): Promise<SeriesSummary[]> {
    const rows = await this.reader.query<Row[]>(`${SUMMARIES} ORDER BY exchange, symbol, id`);
    return rows.map((row) => this.summarise(row));
  }

  /** @throws NotKeptError */
  async get(id: number): Promise<SeriesSummary> {
    const [row] = await this.reader.query<Row[]>(`${SUMMARIES} WHERE id = ?`, [id]);
    if (!row) throw new NotKeptError('series', `there is no series ${id}`);
    return this.summarise(row);
  }

  /** @throws NotKeptError that says which of the three is not kept */
  async find(exchange: string, symbol: string, interval: Interval): Promise<Series> {
    const key = JSON.stringify([exchange, symbol, interval]);
    const now = this.clock.monotonic();
    const known = this.found.get(key);
    if (known && now < known.until) return known.series;
    this.found.delete(key);
    const series = await this.lookUp(exchange, symbol, interval);
    this.found.set(key, { series, until: now + REMEMBERED_MS });
    return series;
  }

  /** Ascending. */
  coverage(id: number): Promise<CoverageSpan[]> {
    return this.reader.query<CoverageSpan[]>(
      'SELECT from_time AS "from", to_time AS "to", state FROM coverage WHERE series_id = ? ORDER BY from_time',
      [id],
    );
  }

  private async lookUp(exchange: string, symbol: string, interval: Interval): Promise<Series> {
    const [found] = await this.reader.query<Series[]>(
      'SELECT id, exchange, symbol, interval FROM series WHERE exchange = ? AND symbol = ? AND interval = ?',
      [exchange, symbol, interval],
    );
    if (found) return found;
    const kept = await this.reader.query<Series[]>('SELECT symbol FROM series WHERE exchange = ?', [
      exchange,
    ]);
    if (kept.length === 0)
      throw new NotKeptError('exchange', `no series of the exchange ${exchange} is kept`);
    if (!kept.some((series) => series.symbol === symbol)) {
      throw new NotKeptError('symbol', `${symbol} of ${exchange} is not kept`);
    }
    throw new NotKeptError(
      'interval',
      `${symbol} of ${exchange} is kept, but not at the interval ${interval}`,
    );
  }

  private summarise({ have, ...series }: Row): SeriesSummary {
    const spans = JSON.parse(have) as Array<[from: number, to: number]>;
    if (spans.length === 0) return { ...series, first: null, last: null, count: 0, lag: null };
    const end = Math.max(...spans.map(([, to]) => to));
    return {
      ...series,
      first: Math.min(...spans.map(([from]) => from)),
      last: stepOpenTime(series.interval, end, -1),
      count: spans.reduce((count, [from, to]) => count + countOpenTimes(series.interval, from, to), 0),
      lag: Math.max(0, this.clock.now() - end),
    };
  }
}
