import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { emptyQuerySchema, seriesPathSchema, type SeriesPath } from './candles.schemas.js';
import type { CoverageSpan } from '../coverage.js';
import { RollupChecks, type RollupCheck } from '../rollup-checks.js';
import { SeriesReader } from '../series-reader.js';
import type { SeriesSummary } from '../series.js';

@Controller('api/v1/series')
export class SeriesController {
  constructor(
    @Inject(SeriesReader) private readonly series: SeriesReader,
    @Inject(RollupChecks) private readonly checks: RollupChecks,
  ) {}

  @Get()
  async list(@Query({ schema: emptyQuerySchema }) _query: unknown): Promise<{ series: SeriesSummary[] }> {
    return { series: await this.series.list() };
  }

  @Get(':id')
  async get(
    @Param({ schema: seriesPathSchema }) { id }: SeriesPath,
    @Query({ schema: emptyQuerySchema }) _query: unknown,
  ): Promise<SeriesSummary & { rollupCheck?: RollupCheck }> {
    const summary = await this.series.get(id);
    const rollupCheck = await this.checks.of(id);
    return rollupCheck ? { ...summary, rollupCheck } : summary;
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
