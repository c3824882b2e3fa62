import { Controller, Get, Inject, Query, Res, UseFilters } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { KeptMarket } from '../../candles/market-reader.js';
import { SeriesReader } from '../../candles/series-reader.js';
import type { Interval } from '../../common/interval.js';
import { BarReader } from './bar-reader.js';
import { noQuoteText, quoteText, type QuoteFigures } from './quote.js';
import { SymbolCatalog } from './symbol-catalog.js';
import { UdfErrorFilter } from './udf-error.filter.js';
import { quotesSchema, type QuotesRequest } from './udf.schemas.js';

@Controller('udf/quotes')
@UseFilters(UdfErrorFilter)
export class QuotesController {
  constructor(
    @Inject(SymbolCatalog) private readonly symbols: SymbolCatalog,
    @Inject(SeriesReader) private readonly series: SeriesReader,
    @Inject(BarReader) private readonly bars: BarReader,
  ) {}

  @Get()
  async quotes(
    @Query({ schema: quotesSchema }) { symbols }: QuotesRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    void reply.type('application/json; charset=utf-8');
    const quotes: string[] = [];
    // One after the other: a long list must not take all the readers from other requests.
    for (const name of symbols) quotes.push(await this.quote(name));
    return `{"s":"ok","d":[${quotes.join(',')}]}`;
  }

  private async quote(name: string): Promise<string> {
    const market = await this.symbols.find(name);
    const figures = market && (await this.figures(market));
    return market && figures ? quoteText(name, market, figures) : noQuoteText(name);
  }

  /** Of the day by UTC; of a market that has no days, of the shortest candles that it has. */
  private async figures(market: KeptMarket): Promise<QuoteFigures | undefined> {
    const { intervals } = market;
    const day: Interval | undefined = intervals.includes('1d') ? '1d' : intervals[0];
    if (day === undefined) return undefined;
    const [newest] = await this.newest(market, intervals[0]!, 1);
    const [today, before] = await this.newest(market, day, 2);
    return newest && today ? { last: newest.close, day: today, before } : undefined;
  }

  private async newest({ exchange, symbol }: KeptMarket, interval: Interval, limit: number) {
    return this.bars.newest(await this.series.find(exchange, symbol, interval), { limit });
  }
}
