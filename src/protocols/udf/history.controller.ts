import { Controller, Get, Inject, Query, Res, UseFilters } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
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
  ) {}

  /** The newest of the window where there are more than one answer may have: the adapter's `latestFirst`. */
  @Get()
  async history(
    @Query({ schema: historySchema }) { symbol, resolution, from, to, countback }: HistoryRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const market = await this.symbols.get(symbol);
    const source = await this.series.find(market.exchange, market.symbol, resolution);
    void reply.type('application/json; charset=utf-8');
    // So many bars are wanted, however far back they are.
    const window = countback === undefined ? { from, to, limit: MAX_BARS } : { to, limit: countback };
    const bars = await this.bars.read(source, window);
    if (bars.count === 0) return JSON.stringify(await this.noData(source, window));
    const { t, o, h, l, c, v } = bars.columns();
    return `{"s":"ok","t":[${t}],"o":[${o}],"h":[${h}],"l":[${l}],"c":[${c}],"v":[${v}]}`;
  }

  /** With the nearest bar before the window, so that the chart need not look for it step by step. */
  private async noData(source: CandleSource, { from, to = Infinity }: BarWindow) {
    // A count found nothing at all before the end of the window.
    const [earlier] =
      from === undefined ? [] : await this.bars.newest(source, { to: Math.min(from, to), limit: 1 });
    return earlier ? { s: 'no_data', nextTime: toSeconds(earlier.openTime) } : { s: 'no_data' };
  }
}
