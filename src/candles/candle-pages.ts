import { Inject, Injectable } from '@nestjs/common';
import { CandleReader, type CandleQuery, type CandleText } from './candle-reader.js';
import { RollupReader, type RollupText } from './rollup-reader.js';
import type { CandleSource } from './series.js';

/** Where rollups answer, with those of them whose source has holes. */
export type CandlePage = CandleText & Partial<RollupText>;

/** Candles of an interval, whether it is collected or made of a shorter one. */
@Injectable()
export class CandlePages {
  constructor(
    @Inject(CandleReader) private readonly candles: CandleReader,
    @Inject(RollupReader) private readonly rollups: RollupReader,
  ) {}

  /** @throws RollupsNotBuiltError */
  read({ series, rollup }: CandleSource, query: Omit<CandleQuery, 'seriesId'>): Promise<CandlePage> {
    const asked = { ...query, seriesId: series.id };
    if (rollup === null) return this.candles.read(asked);
    return this.rollups.read({ ...asked, interval: rollup, source: series.interval });
  }
}
