import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import {
  quarantineQuerySchema,
  seriesPathSchema,
  type QuarantineQuery,
  type SeriesPath,
} from './candles.schemas.js';
import { QuarantineReader, type QuarantinePage } from '../quarantine-reader.js';
import { SeriesReader } from '../series-reader.js';
import type { SeriesSummary } from '../series.js';

@Controller('api/v1/series/:id/quarantine')
export class QuarantineController {
  constructor(
    @Inject(SeriesReader) private readonly series: SeriesReader,
    @Inject(QuarantineReader) private readonly quarantine: QuarantineReader,
  ) {}

  @Get()
  async list(
    @Param({ schema: seriesPathSchema }) { id }: SeriesPath,
    @Query({ schema: quarantineQuerySchema }) query: QuarantineQuery,
  ): Promise<
    Pick<SeriesSummary, 'id' | 'exchange' | 'symbol' | 'interval' | 'quarantined'> & QuarantinePage
  > {
    const { exchange, symbol, interval, quarantined } = await this.series.get(id);
    return { id, exchange, symbol, interval, quarantined, ...(await this.quarantine.read(id, query)) };
  }
}
