import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { CryptoFlowError } from '../common/errors.js';
import { INTERVALS, type Interval } from '../common/interval.js';
import { READER } from '../database/names.js';
import { SELECT_COVERAGE, toSpan, type CoverageRow } from './coverage-rows.js';
import type { CoverageSpan } from './coverage.js';
import { isMadeOf, isRollupInterval, ROLLUP_SOURCE } from './rollup.js';
import { selectSummaries, summarise, type SummaryRow } from './series-summary.js';
import type { CandleSource, Series, SeriesSummary } from './series.js';

/** Nothing is kept under that name. */
export class NotKeptError extends CryptoFlowError {
  constructor(what: 'exchange' | 'symbol' | 'interval' | 'series', message: string) {
    super(`${what.toUpperCase()}_NOT_KEPT`, message);
  }
}

const ALL = selectSummaries({ one: false });
const ONE = selectSummaries({ one: true });

/** The minutes, whose rollups are kept; where there are none, the series that has the fewest candles to be put together. */
export function sourceFor(interval: Interval, series: readonly Series[]): Series | undefined {
  const sources = series
    .filter((one) => isMadeOf(interval, one.interval))
    .toSorted((a, b) => INTERVALS.indexOf(b.interval) - INTERVALS.indexOf(a.interval));
  return sources.find((one) => one.interval === ROLLUP_SOURCE) ?? sources[0];
}

/** For so long a series that was found is not looked up again. */
const REMEMBERED_MS = 1000;

/** Tells what is kept. */
@Injectable()
export class SeriesReader {
  private readonly found = new Map<string, { readonly source: CandleSource; readonly until: number }>();

  constructor(
    @InjectDataSource(READER) private readonly reader: DataSource,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async list(): Promise<SeriesSummary[]> {
    const rows = await this.reader.query<SummaryRow[]>(`${ALL} ORDER BY exchange, symbol, id`);
    const now = this.clock.now();
    return rows.map((row) => summarise(row, now));
  }

  /** @throws NotKeptError */
  async get(id: number): Promise<SeriesSummary> {
    const [row] = await this.reader.query<SummaryRow[]>(ONE, [id, id]);
    if (!row) throw new NotKeptError('series', `there is no series ${id}`);
    return summarise(row, this.clock.now());
  }

  /**
   * The series collected at the interval; where there is none, the series of minutes, whose rollups answer; where there is
   * none of these either, the one of the longest interval that it can be made of.
   *
   * @throws NotKeptError that says which of the three is not kept
   */
  async find(exchange: string, symbol: string, interval: Interval): Promise<CandleSource> {
    const key = JSON.stringify([exchange, symbol, interval]);
    const now = this.clock.monotonic();
    const known = this.found.get(key);
    if (known && now < known.until) return known.source;
    this.found.delete(key);
    const source = await this.lookUp(exchange, symbol, interval);
    this.found.set(key, { source, until: now + REMEMBERED_MS });
    return source;
  }

  /** Ascending. */
  async coverage(id: number): Promise<CoverageSpan[]> {
    const rows = await this.reader.query<CoverageRow[]>(`${SELECT_COVERAGE} ORDER BY from_time`, [id]);
    return rows.map(toSpan);
  }

  private async lookUp(exchange: string, symbol: string, interval: Interval): Promise<CandleSource> {
    const collected = await this.reader.query<Series[]>(
      'SELECT id, exchange, symbol, interval, anchor FROM series WHERE exchange = ? AND symbol = ? AND interval = ?',
      [exchange, symbol, interval],
    );
    if (collected[0]) return { series: collected[0], rollup: null };
    // Days of another country make no weeks of ours.
    const shorter = await this.reader.query<Series[]>(
      'SELECT id, exchange, symbol, interval FROM series WHERE exchange = ? AND symbol = ? AND anchor = 0',
      [exchange, symbol],
    );
    const series = sourceFor(interval, shorter);
    if (series && isRollupInterval(interval)) return { series, rollup: interval };
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
      `${symbol} of ${exchange} is kept, but neither at the interval ${interval} nor at one that it is made of`,
    );
  }
}
