import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../../common/clock.js';
import type { Interval } from '../../common/interval.js';
import { READER } from '../../database/names.js';
import { sourceFor } from '../series-reader.js';
import type { Series } from '../series.js';

const SERIES =
  'SELECT id, exchange, symbol, interval, anchor FROM series WHERE deleted_at IS NULL ORDER BY id';
/** How often the list is read at most, in milliseconds: series come and go seldom. */
const FRESH_MS = 1000;

/** The series that are kept, by their ids, and which of them answers for what. */
@Injectable()
export class KeptSeries {
  private byId = new Map<number, Series>();
  private byMarket = new Map<string, Series[]>();
  private readAt = -Infinity;

  constructor(
    @InjectDataSource(READER) private readonly reader: DataSource,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Reads the list again, unless it has just been read. */
  async refresh(): Promise<void> {
    const now = this.clock.monotonic();
    if (now - this.readAt < FRESH_MS) return;
    const series = await this.reader.query<Series[]>(SERIES);
    this.readAt = now;
    this.byId = new Map(series.map((one) => [one.id, one]));
    this.byMarket = new Map();
    for (const one of series) {
      const same = this.byMarket.get(marketOf(one));
      if (same) same.push(one);
      else this.byMarket.set(marketOf(one), [one]);
    }
  }

  async find(id: number): Promise<Series | undefined> {
    if (!this.byId.has(id)) await this.refresh();
    return this.byId.get(id);
  }

  /** Whether it is of this series that candles of the interval are made. */
  isMadeFrom(series: Series, interval: Interval): boolean {
    const ofMarket = this.byMarket.get(marketOf(series)) ?? [];
    if (ofMarket.some((one) => one.interval === interval)) return false;
    const onOwnGrid = ofMarket.filter(({ anchor = 0 }) => anchor === 0);
    return sourceFor(interval, onOwnGrid)?.id === series.id;
  }
}

function marketOf({ exchange, symbol }: Series): string {
  return `${exchange}:${symbol}`;
}
