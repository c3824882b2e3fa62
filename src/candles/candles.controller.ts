import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CandleReader } from './candle-reader.js';
import { candlesQuerySchema, type CandlesQuery } from './candles.schemas.js';
import { SeriesReader } from './series-reader.js';

const CSV_HEADER = 'open_time,open,high,low,close,volume';

@Controller('api/v1/candles')
export class CandlesController {
  constructor(
    @Inject(SeriesReader) private readonly series: SeriesReader,
    @Inject(CandleReader) private readonly candles: CandleReader,
  ) {}

  @Get()
  async list(
    @Query({ schema: candlesQuerySchema }) query: CandlesQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const { exchange, symbol, interval, from, to, limit, order, format } = query;
    const series = await this.series.find(exchange, symbol, interval);
    const closed = query.closed === 'true';
    const { text, next } = await this.candles.read({
      seriesId: series.id,
      from,
      to,
      limit,
      order,
      closed,
      format,
    });
    if (format === 'csv') {
      void reply.type('text/csv; charset=utf-8');
      if (next !== null) void reply.header('x-next', String(next));
      return Buffer.concat([Buffer.from(`${CSV_HEADER}\n`), text, Buffer.from(text.length > 0 ? '\n' : '')]);
    }
    void reply.type('application/json; charset=utf-8');
    const head = JSON.stringify({ exchange, symbol, interval }).slice(0, -1);
    return Buffer.concat([Buffer.from(`${head},"candles":[`), text, Buffer.from(`],"next":${next}}`)]);
  }
}
