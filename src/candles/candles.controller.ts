import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CandleReader, CSV_HEADER, type CandleText } from './candle-reader.js';
import { candlesQuerySchema, type CandlesQuery } from './candles.schemas.js';
import { RollupReader, type RollupText } from './rollup-reader.js';
import { SeriesReader } from './series-reader.js';

/** Where rollups answer, with those of them whose source has holes. */
type RollupAnswer = CandleText & Partial<RollupText>;

@Controller('api/v1/candles')
export class CandlesController {
  constructor(
    @Inject(SeriesReader) private readonly series: SeriesReader,
    @Inject(CandleReader) private readonly candles: CandleReader,
    @Inject(RollupReader) private readonly rollups: RollupReader,
  ) {}

  @Get()
  async list(
    @Query({ schema: candlesQuerySchema }) query: CandlesQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const { exchange, symbol, interval, from, to, limit, order, format } = query;
    const { series, rollup } = await this.series.find(exchange, symbol, interval);
    const closed = query.closed === 'true';
    const asked = { seriesId: series.id, from, to, limit, order, closed, format };
    const { text, next, partial }: RollupAnswer =
      rollup === null
        ? await this.candles.read(asked)
        : await this.rollups.read({ ...asked, interval: rollup });
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
