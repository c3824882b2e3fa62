import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { READER } from '../database/names.js';

/** A place among the revisions of a series: everything before it is older. */
export interface RevisionCursor {
  /** Unix ms. */
  readonly revisedAt: number;
  /** Unix ms. */
  readonly openTime: number;
}

export interface RevisionText {
  /** `{"revisedAt":…,"former":[t,o,h,l,c,v]},{…`, newest first, without brackets around it. */
  readonly text: Buffer;
  /** Where the next page begins, or null when there is no more. */
  readonly next: RevisionCursor | null;
}

/** The last row tells only whether there is another page. */
export const SELECT_REVISIONS = `WITH page AS (
    SELECT *, row_number() OVER (ORDER BY revised_at DESC, open_time DESC) AS place FROM (
      SELECT * FROM candle_revision WHERE series_id = ? AND (revised_at, open_time) < (?, ?)
      ORDER BY revised_at DESC, open_time DESC LIMIT ?)
  )
  SELECT count(*) AS count,
    max(revised_at) FILTER (WHERE place = ?) AS revisedAt, max(open_time) FILTER (WHERE place = ?) AS openTime,
    CAST(group_concat('{"revisedAt":' || revised_at || ',"former":[' || concat_ws(',', open_time, open, high, low, close, volume)
      || ']}', ',' ORDER BY place) FILTER (WHERE place <= ?) AS BLOB) AS rows
  FROM page`;
const END: RevisionCursor = { revisedAt: 8_640_000_000_000_000, openTime: 0 };

interface Row {
  readonly count: number;
  readonly revisedAt: number | null;
  readonly openTime: number | null;
  readonly rows: Buffer | null;
}

/** Reads what closed candles said before the exchange changed them, as text: no digit is parsed. */
@Injectable()
export class RevisionReader {
  constructor(@InjectDataSource(READER) private readonly reader: DataSource) {}

  /** The newest `limit` revisions before `before`. */
  async read(seriesId: number, limit: number, before: RevisionCursor = END): Promise<RevisionText> {
    const { revisedAt, openTime } = before;
    const [row] = await this.reader.query<[Row]>(SELECT_REVISIONS, [
      seriesId,
      revisedAt,
      openTime,
      limit + 1,
      limit,
      limit,
      limit,
    ]);
    const more = row.count > limit;
    return {
      text: row.rows ?? Buffer.alloc(0),
      next: more ? { revisedAt: row.revisedAt!, openTime: row.openTime! } : null,
    };
  }
}
