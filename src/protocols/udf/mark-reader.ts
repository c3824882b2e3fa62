import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { Candle } from '../../candles/candle.js';
import type { CoverageState } from '../../candles/coverage.js';
import { READER } from '../../database/names.js';

/** What a chart is told of at most in one answer: of more it shows the newest. */
export const MAX_MARKS = 500;

/** A stretch of time in which there is no candle, `to` exclusive, Unix ms. */
export interface MarkedSpan {
  readonly from: number;
  readonly to: number;
  readonly state: CoverageState;
}

/** What a closed candle said before the exchange changed it. */
export interface FormerCandle extends Candle {
  /** Unix ms. */
  readonly revisedAt: number;
}

const SPANS = `SELECT from_time AS "from", to_time AS "to", state FROM coverage
  WHERE series_id = ? AND from_time >= ? AND from_time <= ? AND state IN (SELECT value FROM json_each(?))
  ORDER BY from_time DESC LIMIT ${MAX_MARKS}`;

const LISTED = `SELECT from_time AS "from", to_time AS "to", state FROM coverage
  WHERE series_id = ? AND state = 'unlisted' AND to_time >= ? AND to_time <= ? ORDER BY from_time DESC LIMIT 1`;

const REVISIONS = `SELECT open_time AS openTime, revised_at AS revisedAt, open, high, low, close, volume
  FROM candle_revision WHERE series_id = ? AND open_time >= ? AND open_time <= ?
  ORDER BY open_time DESC, revised_at DESC LIMIT ${MAX_MARKS}`;

const FIRST = 'SELECT min(open_time) AS first FROM candle WHERE series_id = ?';

/** Both ends belong to it, Unix ms. */
export interface MarkWindow {
  readonly from: number;
  readonly to: number;
}

/** Reads what is remarkable in the history of a series. */
@Injectable()
export class MarkReader {
  constructor(@InjectDataSource(READER) private readonly reader: DataSource) {}

  /** Those that begin in the window, the newest first. */
  spans(seriesId: number, states: readonly CoverageState[], { from, to }: MarkWindow): Promise<MarkedSpan[]> {
    return this.reader.query<MarkedSpan[]>(SPANS, [seriesId, from, to, JSON.stringify(states)]);
  }

  /** Of candles that opened in the window, the newest first. */
  revisions(seriesId: number, { from, to }: MarkWindow): Promise<FormerCandle[]> {
    return this.reader.query<FormerCandle[]>(REVISIONS, [seriesId, from, to]);
  }

  /** When the market was listed, where that is in the window. */
  async listing(seriesId: number, { from, to }: MarkWindow): Promise<number | null> {
    const [span] = await this.reader.query<MarkedSpan[]>(LISTED, [seriesId, from, to]);
    return span?.to ?? null;
  }

  /** The open time of the oldest candle. */
  async first(seriesId: number): Promise<number | null> {
    const [row] = await this.reader.query<[{ first: number | null }]>(FIRST, [seriesId]);
    return row.first;
  }
}
