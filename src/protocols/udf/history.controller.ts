import { Controller, Get, Inject, Query, Res, UseFilters } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AnswerCache, type Made } from '../../candles/answer-cache.js';
import { SeriesReader } from '../../candles/series-reader.js';
import type { CandleSource } from '../../candles/series.js';
import { BarReader, type BarWindow } from './bar-reader.js';
import { toSeconds } from './bars.js';
import { SymbolCatalog } from './symbol-catalog.js';
import { UdfErrorFilter } from './udf-error.filter.js';
import { historySchema, MAX_BARS, type HistoryRequest } from './udf.schemas.js';

@Controller('udf/history')
@UseFilters(UdfErrorFilter)
export class HistoryController {
  constructor(
    @Inject(SymbolCatalog) private readonly symbols: SymbolCatalog,
    @Inject(SeriesReader) private readonly series: SeriesReader,
    @Inject(BarReader) private readonly bars: BarReader,
    @Inject(AnswerCache) private readonly cache: AnswerCache,
  ) {}

  /** The newest of the window where there are more than one answer may have: the adapter's `latestFirst`. */
  @Get()
  async history(
    @Query({ schema: historySchema }) { symbol, resolution, from, to, countback }: HistoryRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const market = await this.symbols.get(symbol);
    const source = await this.series.find(market.exchange, market.symbol, resolution);
    void reply.type('application/json; charset=utf-8');
    // So many bars are wanted, however far back they are.
    const window = countback === undefined ? { from, to, limit: MAX_BARS } : { to, limit: countback };
    const key = JSON.stringify(['udf', source.series.id, source.rollup, window]);
    const { body } = await this.cache.get(key, () => this.make(source, window));
    return body;
  }

  private async make(source: CandleSource, window: BarWindow): Promise<Made<{ body: Buffer; size: number }>> {
    const { value: bars, extents } = await this.bars.read(source, window);
    if (bars.count === 0) {
      const body = Buffer.from(JSON.stringify(await this.noData(source, window)));
      return { value: { body, size: body.length }, extents: null };
    }
    const body = Buffer.concat([Buffer.from('{"s":"ok",'), bars.toJson(), Buffer.from('}')]);
    return { value: { body, size: body.length }, extents };
  }

  /** With the nearest bar before the window, so that the chart need not look for it step by step. */
  private async noData(source: CandleSource, { from, to = Infinity }: BarWindow) {
    // A count found nothing at all before the end of the window.
    const [earlier] =
      from === undefined ? [] : await this.bars.newest(source, { to: Math.min(from, to), limit: 1 });
    return earlier ? { s: 'no_data', nextTime: toSeconds(earlier.openTime) } : { s: 'no_data' };
  }
}
