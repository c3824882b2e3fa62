import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { Interval } from '../common/interval.js';
import { READER } from '../database/names.js';

/** What the comparison of a collected series with the rollups of its interval has found in its present or last pass. */
export interface RollupCheck {
  /** Candles of which no minute was missing. */
  readonly compared: number;
  readonly different: number;
  /** Open time of the newest that differs, or null. */
  readonly lastDifference: number | null;
  /** Unix ms. */
  readonly checkedAt: number;
}

export interface CheckedSeries extends RollupCheck {
  readonly exchange: string;
  readonly symbol: string;
  readonly interval: Interval;
}

const FIGURES = 'compared, different, last_difference AS lastDifference, checked_at AS checkedAt';

/** Tells what the check of the rollups has found, and what is still to be rolled up. */
@Injectable()
export class RollupChecks {
  constructor(@InjectDataSource(READER) private readonly reader: DataSource) {}

  list(): Promise<CheckedSeries[]> {
    return this.reader.query<CheckedSeries[]>(
      `SELECT exchange, symbol, interval, ${FIGURES} FROM rollup_check JOIN series ON series.id = series_id`,
    );
  }

  /** Of one collected series; null where there is nothing to compare it with. */
  async of(seriesId: number): Promise<RollupCheck | null> {
    const [found] = await this.reader.query<RollupCheck[]>(
      `SELECT ${FIGURES} FROM rollup_check WHERE series_id = ?`,
      [seriesId],
    );
    return found ?? null;
  }

  /** Series of minutes whose older candles are not rolled up yet. */
  async unbuilt(): Promise<number> {
    const [{ count }] = await this.reader.query<[{ count: number }]>(
      'SELECT count(*) AS count FROM rollup_build',
    );
    return count;
  }
}
