import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { seriesPathSchema, type SeriesPath } from './candles.schemas.js';
import { RevisionReader } from '../revision-reader.js';
import { formatCursor, revisionsQuerySchema, type RevisionsQuery } from './revisions.schemas.js';
import { SeriesReader } from '../series-reader.js';

@Controller('api/v1/series/:id/revisions')
export class RevisionsController {
  constructor(
    @Inject(SeriesReader) private readonly series: SeriesReader,
    @Inject(RevisionReader) private readonly revisions: RevisionReader,
  ) {}

  /** What closed candles said before the exchange changed them, the latest change first. */
  @Get()
  async list(
    @Param({ schema: seriesPathSchema }) { id }: SeriesPath,
    @Query({ schema: revisionsQuerySchema }) { limit, before }: RevisionsQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const { exchange, symbol, interval, revisions: total } = await this.series.get(id);
    const { text, next } = await this.revisions.read(id, limit, before);
    void reply.type('application/json; charset=utf-8');
    const head = JSON.stringify({ id, exchange, symbol, interval, total }).slice(0, -1);
    const tail = JSON.stringify(next && formatCursor(next));
    return Buffer.concat([Buffer.from(`${head},"revisions":[`), text, Buffer.from(`],"next":${tail}}`)]);
  }
}
