import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { READER } from '../database/names.js';

/** Candles that one query looks at: a tenth of a second. */
const STEP = 100_000;
const FIGURES = ['open', 'high', 'low', 'close', 'volume'];
const PLACES = `SELECT max(open_time) AS last, count(*) AS count, coalesce(max(max(${FIGURES.map(
  (name) => `iif(instr(${name}, '.'), length(${name}) - instr(${name}, '.'), 0)`,
).join(', ')})), 0) AS places
  FROM (SELECT * FROM candle WHERE series_id = ? AND open_time >= ? AND open_time < ? ORDER BY open_time LIMIT ${STEP})`;

interface Row {
  readonly last: number | null;
  readonly count: number;
  readonly places: number;
}

/** Tells how many digits behind the point the figures of a series need. Sums of them need no more. */
@Injectable()
export class DecimalScale {
  constructor(@InjectDataSource(READER) private readonly reader: DataSource) {}

  /** @param from, to the open times that are looked at, Unix ms */
  async of(seriesId: number, from: number, to: number): Promise<number> {
    let scale = 0;
    for (let start = from; ;) {
      const [row] = await this.reader.query<[Row]>(PLACES, [seriesId, start, to]);
      scale = Math.max(scale, row.places);
      if (row.count < STEP) return scale;
      start = row.last! + 1;
    }
  }
}
