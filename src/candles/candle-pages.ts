import { Inject, Injectable } from '@nestjs/common';
import { CandleReader, readCsv, type CandleQuery, type CandleText } from './candle-reader.js';
import type { Candle } from './candle.js';
import { RollupReader, type RollupText } from './rollup-reader.js';
import type { CandleSource } from './series.js';

/** Where rollups answer, with those of them whose source has holes. */
export type CandlePage = CandleText & Partial<RollupText>;

/** What is asked of a source. */
export type PagesQuery = Omit<CandleQuery, 'seriesId'>;

/** A page whose candles are wanted one by one. */
export interface CandleRows extends Omit<CandlePage, 'text'> {
  /** In the order that was asked for; figures as decimal text. */
  readonly candles: Candle[];
}

/** Candles of an interval, whether it is collected or made of a shorter one. */
@Injectable()
export class CandlePages {
  constructor(
    @Inject(CandleReader) private readonly candles: CandleReader,
    @Inject(RollupReader) private readonly rollups: RollupReader,
  ) {}

  /** @throws RollupsNotBuiltError */
  async read({ series, rollup }: CandleSource, query: PagesQuery): Promise<CandlePage> {
    // Of a page that is full of closed candles, with more to come, the open one is no part: without it, it is found sooner.
    if (!query.closed && query.order === 'asc' && query.from !== undefined) {
      const page = await this.read({ series, rollup }, { ...query, closed: true });
      if (page.next !== null) return page;
    }
    const asked = { ...query, seriesId: series.id };
    if (rollup === null) return this.candles.read(asked);
    return this.rollups.read({ ...asked, interval: rollup, source: series.interval });
  }

  /** The same page, its candles one by one. @throws RollupsNotBuiltError */
  async rows(source: CandleSource, query: Omit<PagesQuery, 'format'>): Promise<CandleRows> {
    const { text, ...page } = await this.read(source, { ...query, format: 'csv' });
    return { ...page, candles: readCsv(text) };
  }
}
