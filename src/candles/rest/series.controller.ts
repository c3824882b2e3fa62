import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { emptyQuerySchema, seriesPathSchema, type SeriesPath } from './candles.schemas.js';
import type { CoverageSpan } from '../coverage.js';
import { RollupChecks, type RollupCheck } from '../rollup-checks.js';
import { seriesQuerySchema, type SeriesQuery } from './series.schemas.js';
import { SeriesReader } from '../series-reader.js';
import type { SeriesSummary } from '../series.js';

@Controller('api/v1/series')
export class SeriesController {
  constructor(
    @Inject(SeriesReader) private readonly series: SeriesReader,
    @Inject(RollupChecks) private readonly checks: RollupChecks,
  ) {}

  @Get()
  async list(@Query({ schema: seriesQuerySchema }) query: SeriesQuery): Promise<{ series: SeriesSummary[] }> {
    const series = await this.series.list();
    return { series: series.filter((one) => matches(one, query)) };
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

function matches(series: SeriesSummary, query: SeriesQuery): boolean {
  const names = ['exchange', 'symbol', 'interval', 'state'] as const;
  return names.every((name) => query[name] === undefined || query[name] === series[name]);
}
