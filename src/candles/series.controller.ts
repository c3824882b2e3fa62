import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { emptyQuerySchema, seriesPathSchema, type SeriesPath } from './candles.schemas.js';
import type { CoverageSpan } from './coverage.js';
import { SeriesReader } from './series-reader.js';
import type { SeriesSummary } from './series.js';

@Controller('api/v1/series')
export class SeriesController {
  constructor(@Inject(SeriesReader) private readonly series: SeriesReader) {}

  @Get()
  async list(@Query({ schema: emptyQuerySchema }) _query: unknown): Promise<{ series: SeriesSummary[] }> {
    return { series: await this.series.list() };
  }

  @Get(':id')
  get(
    @Param({ schema: seriesPathSchema }) { id }: SeriesPath,
    @Query({ schema: emptyQuerySchema }) _query: unknown,
  ): Promise<SeriesSummary> {
    return this.series.get(id);
  }

  @Get(':id/coverage')
  async coverage(
    @Param({ schema: seriesPathSchema }) { id }: SeriesPath,
    @Query({ schema: emptyQuerySchema }) _query: unknown,
  ): Promise<SeriesSummary & { coverage: CoverageSpan[] }> {
    const summary = await this.series.get(id);
    return { ...summary, coverage: await this.series.coverage(id) };
  }
}
