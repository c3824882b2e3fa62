import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CandlePages } from '../candle-pages.js';
import { CSV_HEADER } from '../candle-reader.js';
import { candlesQuerySchema, type CandlesQuery } from './candles.schemas.js';
import { SeriesReader } from '../series-reader.js';

@Controller('api/v1/candles')
export class CandlesController {
  constructor(
    @Inject(SeriesReader) private readonly series: SeriesReader,
    @Inject(CandlePages) private readonly pages: CandlePages,
  ) {}

  @Get()
  async list(
    @Query({ schema: candlesQuerySchema }) query: CandlesQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const { exchange, symbol, interval, from, to, limit, order, format } = query;
    const source = await this.series.find(exchange, symbol, interval);
    const closed = query.closed === 'true';
    const { text, next, partial } = await this.pages.read(source, { from, to, limit, order, closed, format });
    if (format === 'csv') {
      void reply.type('text/csv; charset=utf-8');
      if (next !== null) void reply.header('x-next', String(next));
      if (partial) void reply.header('x-partial', String(partial.length));
      return Buffer.concat([Buffer.from(`${CSV_HEADER}\n`), text, Buffer.from(text.length > 0 ? '\n' : '')]);
    }
    void reply.type('application/json; charset=utf-8');
    const holes = partial ? `,"partial":${JSON.stringify(partial)}` : '';
    const head = JSON.stringify({ exchange, symbol, interval }).slice(0, -1);
    return Buffer.concat([
      Buffer.from(`${head},"candles":[`),
      text,
      Buffer.from(`],"next":${next}${holes}}`),
    ]);
  }
}
