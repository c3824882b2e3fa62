import { Controller, Get, Inject, Query, UseFilters } from '@nestjs/common';
import { SeriesReader } from '../../candles/series-reader.js';
import type { CandleSource } from '../../candles/series.js';
import { MarkReader } from './mark-reader.js';
import { marksOf, timescaleMarksOf, type Mark, type TimescaleMark } from './marks.js';
import { SymbolCatalog } from './symbol-catalog.js';
import { UdfErrorFilter } from './udf-error.filter.js';
import { marksSchema, type MarksRequest } from './udf.schemas.js';

/** `id`, `time`, …: of each a column. */
type MarkColumns = { readonly [Key in keyof Mark]: ReadonlyArray<Mark[Key]> };

@Controller('udf')
@UseFilters(UdfErrorFilter)
export class MarksController {
  constructor(
    @Inject(SymbolCatalog) private readonly symbols: SymbolCatalog,
    @Inject(SeriesReader) private readonly series: SeriesReader,
    @Inject(MarkReader) private readonly reader: MarkReader,
  ) {}

  /** What was not sent, and what was changed later. */
  @Get('marks')
  async marks(@Query({ schema: marksSchema }) request: MarksRequest): Promise<MarkColumns> {
    const { series, rollup } = await this.source(request);
    const [holes, revisions] = await Promise.all([
      this.reader.spans(series.id, ['missing'], request),
      this.reader.revisions(series.id, request),
    ]);
    const marks = marksOf(rollup, holes, revisions);
    const column = <Key extends keyof Mark>(key: Key) => marks.map((mark) => mark[key]);
    return {
      id: column('id'),
      time: column('time'),
      color: column('color'),
      text: column('text'),
      label: column('label'),
      labelFontColor: column('labelFontColor'),
      minSize: column('minSize'),
    };
  }

  /** Where the history begins and ends, and its holes. */
  @Get('timescale_marks')
  async timescaleMarks(@Query({ schema: marksSchema }) request: MarksRequest): Promise<TimescaleMark[]> {
    const { series, rollup } = await this.source(request);
    const [holes, delisted, listing, first] = await Promise.all([
      this.reader.spans(series.id, ['missing'], request),
      this.reader.spans(series.id, ['delisted'], request),
      this.reader.listing(series.id, request),
      this.reader.first(series.id),
    ]);
    const isSeen = first !== null && first >= request.from && first <= request.to;
    return timescaleMarksOf(rollup, { holes, delisted, listing, first: isSeen ? first : null });
  }

  private async source({ symbol, resolution }: MarksRequest): Promise<CandleSource> {
    const market = await this.symbols.get(symbol);
    return this.series.find(market.exchange, market.symbol, resolution);
  }
}
