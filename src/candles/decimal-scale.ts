import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { READER } from '../database/names.js';

/** Candles that one query looks at: a tenth of a second. */
const STEP = 100_000;
const FIGURES = ['open', 'high', 'low', 'close', 'volume'];
const most = (sql: (name: string) => string) => `coalesce(max(max(${FIGURES.map(sql).join(', ')})), 0)`;
const DIGITS = `SELECT max(open_time) AS last, count(*) AS count,
  ${most((name) => `iif(instr(${name}, '.'), length(${name}) - instr(${name}, '.'), 0)`)} AS places,
  ${most((name) => `iif(instr(${name}, '.'), instr(${name}, '.') - 1, length(${name}))`)} AS whole
  FROM (SELECT * FROM candle WHERE series_id = ? AND open_time >= ? AND open_time < ? ORDER BY open_time LIMIT ${STEP})`;

interface Row {
  readonly last: number | null;
  readonly count: number;
  readonly places: number;
  readonly whole: number;
}

/** Digits that figures need: before the point, and behind it. */
export interface Digits {
  readonly whole: number;
  readonly places: number;
}

/** Tells how many digits the figures of a series need. Sums of them need no more behind the point. */
@Injectable()
export class DecimalScale {
  constructor(@InjectDataSource(READER) private readonly reader: DataSource) {}

  /** @param from, to the open times that are looked at, Unix ms */
  async of(seriesId: number, from: number, to: number): Promise<Digits> {
    let [whole, places] = [0, 0];
    for (let start = from; ;) {
      const [row] = await this.reader.query<[Row]>(DIGITS, [seriesId, start, to]);
      whole = Math.max(whole, row.whole);
      places = Math.max(places, row.places);
      if (row.count < STEP) return { whole, places };
      start = row.last! + 1;
    }
  }
}
