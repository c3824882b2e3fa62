import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { Extent, Made } from '../../candles/answer-cache.js';
import { CandlePages, type CandlePage } from '../../candles/candle-pages.js';
import { readCsv } from '../../candles/candle-reader.js';
import type { Candle } from '../../candles/candle.js';
import { extentOf, isPast } from '../../candles/page-extent.js';
import type { CandleSource } from '../../candles/series.js';
import { Clock } from '../../common/clock.js';
import { READER } from '../../database/names.js';
import { Bars } from './bars.js';

/** Candles of one page of the database. */
const PAGE = 10_000;

export interface BarWindow {
  /** First open time, Unix ms. */
  readonly from?: number | undefined;
  /** Open times from here on are left out, Unix ms. */
  readonly to?: number | undefined;
  readonly limit: number;
}

interface BarPage {
  readonly page: CandlePage;
  /** What would change it; null where it may change without a commit. */
  readonly extent: Extent | null;
}

// Spans do not overlap, so the last one to begin is the last one to end.
const KNOWN = 'SELECT to_time AS known FROM coverage WHERE series_id = ? ORDER BY from_time DESC LIMIT 1';

/** Reads candles as charts want them: the newest of a window, with the one that is still open. */
@Injectable()
export class BarReader {
  constructor(
    @Inject(CandlePages) private readonly pages: CandlePages,
    @InjectDataSource(READER) private readonly reader: DataSource,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * The newest `limit` of the window, with what they were made of.
   *
   * @throws RollupsNotBuiltError
   */
  async read(source: CandleSource, { from, to, limit }: BarWindow): Promise<Made<Bars>> {
    const bars = new Bars();
    let extents: Extent[] | null = [];
    for (let end: number | null | undefined = to; end !== null && bars.count < limit;) {
      const size = Math.min(PAGE, limit - bars.count);
      const { page, extent }: BarPage = await this.page(source, { from, to: end, limit: size });
      bars.addOlder(page.text);
      extents = extents && extent ? [...extents, extent] : null;
      end = page.next;
    }
    return { value: bars, extents };
  }

  /** The newest `limit` of the window, newest first, as candles. @throws RollupsNotBuiltError */
  async newest(source: CandleSource, window: BarWindow): Promise<Candle[]> {
    return readCsv((await this.page(source, window)).page.text);
  }

  private async page(source: CandleSource, window: BarWindow): Promise<BarPage> {
    const closed = isPast(source, window.to, this.clock.now());
    const query = {
      from: undefined,
      to: undefined,
      ...window,
      order: 'desc',
      closed,
      format: 'csv',
    } as const;
    const page = await this.pages.read(source, query);
    const extent = extentOf(source, query, page, this.clock.now());
    if (page.forming === null || page.text.length === 0) return { page, extent };
    const newest = Number(page.text.toString('latin1', 0, page.text.indexOf(',')));
    if (newest < page.forming || (await this.isKnownUpTo(source, newest))) return { page, extent };
    return { ...(await this.page(source, { ...window, to: newest })), extent: null };
  }

  /**
   * Whether the series is known up to the open time of an open candle. For a moment after each end it is not: the next
   * candle is open, and the last word on the one before has not come. A chart that is sent the new one then takes the one
   * before it for final, and never asks for it again.
   */
  private async isKnownUpTo({ series }: CandleSource, openTime: number): Promise<boolean> {
    const [span] = await this.reader.query<Array<{ known: number }>>(KNOWN, [series.id]);
    return span !== undefined && span.known >= openTime;
  }
}
