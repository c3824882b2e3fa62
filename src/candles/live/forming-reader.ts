import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { READER } from '../../database/names.js';
import type { Candle } from '../candle.js';

interface Row extends Candle {
  readonly seriesId: number;
  readonly updatedAt: number;
}

const NEWEST = 'SELECT coalesce(max(updated_at), 0) AS newest FROM forming_candle';
// One whose time a closed candle has reached is over.
const UPDATED = `SELECT series_id AS seriesId, updated_at AS updatedAt, open_time AS openTime, open, high, low, close, volume
  FROM forming_candle AS forming WHERE updated_at >= ? AND NOT EXISTS (
    SELECT 1 FROM candle WHERE candle.series_id = forming.series_id AND candle.open_time >= forming.open_time)`;

/** Tells which candles that are open have been written since it was last asked. */
@Injectable()
export class FormingReader {
  private newest: number | undefined;
  /** When each was last told of, as far as it may be told twice. */
  private readonly told = new Map<number, number>();

  constructor(@InjectDataSource(READER) private readonly reader: DataSource) {}

  /** What was written before the first call is not told of. */
  async updated(): Promise<Array<{ seriesId: number; candle: Candle }>> {
    if (this.newest === undefined) {
      const [row] = await this.reader.query<[{ newest: number }]>(NEWEST);
      this.newest = row.newest;
    }
    const rows = await this.reader.query<Row[]>(UPDATED, [this.newest]);
    const fresh = rows.filter(({ seriesId, updatedAt }) => this.told.get(seriesId) !== updatedAt);
    for (const { seriesId, updatedAt } of fresh) {
      this.told.set(seriesId, updatedAt);
      this.newest = Math.max(this.newest, updatedAt);
    }
    for (const [seriesId, at] of this.told) if (at < this.newest) this.told.delete(seriesId);
    return fresh.map(({ seriesId, openTime, open, high, low, close, volume }) => ({
      seriesId,
      candle: { openTime, open, high, low, close, volume },
    }));
  }

  /** Nobody wants to know for now. */
  forget(): void {
    this.newest = undefined;
    this.told.clear();
  }
}
