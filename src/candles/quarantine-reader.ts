import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { READER } from '../database/names.js';
import type { CandleFault } from './soundness.js';

/** A row in quarantine. Times are Unix ms. */
export interface QuarantinedRow {
  readonly id: number;
  readonly openTime: number | null;
  readonly reason: CandleFault;
  /** As the exchange sent it. */
  readonly payload: string;
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** How often it came. */
  readonly times: number;
  /** Whether there is a candle of this open time by now. */
  readonly resolved: boolean;
}

export interface QuarantinePage {
  /** How often rows of the series have been rejected, those that are not kept included. */
  readonly rejections: number;
  /** Newest first. */
  readonly rows: readonly QuarantinedRow[];
  /** `before` of the next page, or null when there is none. */
  readonly next: number | null;
}

const PAGE = `SELECT id, open_time AS openTime, reason, payload, first_seen AS firstSeen, last_seen AS lastSeen, times,
    EXISTS (SELECT 1 FROM candle WHERE candle.series_id = quarantine.series_id
      AND candle.open_time = quarantine.open_time) AS resolved
  FROM quarantine WHERE series_id = ? AND id < ? ORDER BY id DESC LIMIT ?`;

/** Tells what is in quarantine. */
@Injectable()
export class QuarantineReader {
  constructor(@InjectDataSource(READER) private readonly reader: DataSource) {}

  /** @param before the id of a row: only what came for the first time before it */
  async read(
    seriesId: number,
    { before = Number.MAX_SAFE_INTEGER, limit }: { before?: number | undefined; limit: number },
  ): Promise<QuarantinePage> {
    const found = await this.reader.query<Array<Omit<QuarantinedRow, 'resolved'> & { resolved: 0 | 1 }>>(
      PAGE,
      [seriesId, before, limit + 1],
    );
    const [series] = await this.reader.query<Array<{ rejections: number }>>(
      'SELECT rejections FROM series WHERE id = ?',
      [seriesId],
    );
    const rows = found.slice(0, limit).map((row) => ({ ...row, resolved: row.resolved === 1 }));
    return {
      rejections: series?.rejections ?? 0,
      rows,
      next: found.length > limit ? rows.at(-1)!.id : null,
    };
  }
}
