import { Body, Controller, Delete, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RequiresScope } from '../../http/requires-scope.decorator.js';
import { SeriesAdministration } from '../series-administration.js';
import { SeriesReader } from '../series-reader.js';
import type { SeriesSummary } from '../series.js';
import { emptyQuerySchema, seriesPathSchema, type SeriesPath } from './candles.schemas.js';
import {
  backfillSchema,
  createSeriesSchema,
  deleteSeriesSchema,
  type Backfill,
  type CreateSeries,
  type DeleteSeries,
} from './series.schemas.js';

/** What users ask to be done. It is written down when this answers; collectors take it up within seconds. */
@Controller('api/v1/series')
@RequiresScope('write')
export class SeriesAdministrationController {
  constructor(
    @Inject(SeriesAdministration) private readonly administration: SeriesAdministration,
    @Inject(SeriesReader) private readonly series: SeriesReader,
  ) {}

  /** 201 where it is new, 200 where it was there. */
  @Post()
  async create(
    @Body({ schema: createSeriesSchema }) body: CreateSeries,
    @Query({ schema: emptyQuerySchema }) _query: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SeriesSummary> {
    const { id, created } = await this.administration.create(body);
    void reply.status(created ? 201 : 200).header('location', `/api/v1/series/${id}`);
    return this.series.get(id);
  }

  @Post(':id/pause')
  @HttpCode(200)
  async pause(
    @Param({ schema: seriesPathSchema }) { id }: SeriesPath,
    @Query({ schema: emptyQuerySchema }) _query: unknown,
  ): Promise<SeriesSummary> {
    await this.administration.pause(id);
    return this.series.get(id);
  }

  @Post(':id/resume')
  @HttpCode(200)
  async resume(
    @Param({ schema: seriesPathSchema }) { id }: SeriesPath,
    @Query({ schema: emptyQuerySchema }) _query: unknown,
  ): Promise<SeriesSummary> {
    await this.administration.resume(id);
    return this.series.get(id);
  }

  @Post(':id/backfill')
  @HttpCode(202)
  async backfill(
    @Param({ schema: seriesPathSchema }) { id }: SeriesPath,
    @Body({ schema: backfillSchema }) body: Backfill,
    @Query({ schema: emptyQuerySchema }) _query: unknown,
  ): Promise<SeriesSummary> {
    await this.administration.backfill(id, body?.from);
    return this.series.get(id);
  }

  @Post(':id/repair')
  @HttpCode(202)
  async repair(
    @Param({ schema: seriesPathSchema }) { id }: SeriesPath,
    @Query({ schema: emptyQuerySchema }) _query: unknown,
  ): Promise<SeriesSummary> {
    await this.administration.repair(id);
    return this.series.get(id);
  }

  @Delete(':id')
  @HttpCode(202)
  @RequiresScope('admin')
  async delete(
    @Param({ schema: seriesPathSchema }) { id }: SeriesPath,
    @Query({ schema: deleteSeriesSchema }) { confirm }: DeleteSeries,
  ): Promise<{ id: number; deleted: true }> {
    await this.administration.delete(id, confirm);
    return { id, deleted: true };
  }
}
