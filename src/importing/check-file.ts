import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { Candle } from '../candles/candle.js';
import type { Series } from '../candles/series.js';
import { READER } from '../database/names.js';
import { sameFigures } from './candle-order.js';
import { RowCounts } from './file-report.js';
import { inBatches, type FileReading } from './import-file.js';

const SELECT = `SELECT open_time AS "openTime", open, high, low, close, volume FROM candle
  WHERE series_id = ? AND open_time IN (SELECT value FROM json_each(?))`;

/** Compares files with what is stored, and changes nothing. */
@Injectable()
export class FileCheck {
  constructor(@InjectDataSource(READER) private readonly reader: DataSource) {}

  /** @param series undefined where none is kept */
  async run(file: FileReading, series: Series | undefined): Promise<RowCounts> {
    const counts = new RowCounts();
    await inBatches(file, counts, async (candles) => {
      const stored = series ? await this.stored(series, candles) : new Map<number, Candle>();
      for (const candle of candles) {
        const ours = stored.get(candle.openTime);
        if (ours === undefined) counts.absent += 1;
        else if (sameFigures(candle, ours)) counts.same += 1;
        else counts.differ(candle, ours);
      }
    });
    return counts;
  }

  private async stored(series: Series, candles: readonly Candle[]): Promise<Map<number, Candle>> {
    const times = JSON.stringify(candles.map(({ openTime }) => openTime));
    const rows = await this.reader.query<Candle[]>(SELECT, [series.id, times]);
    return new Map(rows.map((row) => [row.openTime, row]));
  }
}
