import { Inject, Injectable } from '@nestjs/common';
import type { Interval } from '../common/interval.js';
import { CandlePages } from './candle-pages.js';
import { CSV_HEADER } from './candle-reader.js';
import { SeriesReader } from './series-reader.js';

/** Candles per read: 10,000 of them are about 600 KB of text. */
const PAGE = 10_000;

export interface ExportQuery {
  readonly exchange: string;
  readonly symbol: string;
  readonly interval: Interval;
  /** First open time, Unix ms. */
  readonly from?: number | undefined;
  /** Open times from here on are left out, Unix ms. */
  readonly to?: number | undefined;
}

export interface ExportPart {
  readonly text: Buffer;
  /** How many of its candles were made of minutes with holes. */
  readonly partial: number;
}

/**
 * A series from its first candle to its last, whatever its length, as CSV: page after page, so that it takes the memory of
 * one. Each page is a snapshot of its own; no read transaction stays open meanwhile.
 */
@Injectable()
export class CandleExport {
  constructor(
    @Inject(SeriesReader) private readonly series: SeriesReader,
    @Inject(CandlePages) private readonly pages: CandlePages,
  ) {}

  /**
   * The header, then the closed candles, ascending.
   *
   * @throws NotKeptError where there is no such series
   */
  async *csv({ exchange, symbol, interval, from, to }: ExportQuery): AsyncGenerator<ExportPart> {
    const source = await this.series.find(exchange, symbol, interval);
    yield { text: Buffer.from(`${CSV_HEADER}\n`), partial: 0 };
    const asked = { to, limit: PAGE, order: 'asc', closed: true, format: 'csv' } as const;
    // A beginning is named always: without one the newest page would be meant.
    for (let next: number | null = from ?? 0; next !== null;) {
      const page = await this.pages.read(source, { ...asked, from: next });
      if (page.text.length > 0) {
        yield { text: Buffer.concat([page.text, Buffer.from('\n')]), partial: page.partial?.length ?? 0 };
      }
      next = page.next;
    }
  }
}
