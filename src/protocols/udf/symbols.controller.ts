import { Controller, Get, Inject, Query, UseFilters } from '@nestjs/common';
import { keyOf, MarketReader } from '../../candles/market-reader.js';
import { SymbolCatalog, UnknownSymbolError } from './symbol-catalog.js';
import { symbolColumns, symbolInfo, type SymbolInfo } from './symbol-info.js';
import { exchangeName } from './symbol-index.js';
import { searchSymbols, type FoundSymbol } from './symbol-search.js';
import { UdfErrorFilter } from './udf-error.filter.js';
import {
  groupSchema,
  searchSchema,
  symbolSchema,
  type GroupRequest,
  type SearchRequest,
  type SymbolRequest,
} from './udf.schemas.js';

@Controller('udf')
@UseFilters(UdfErrorFilter)
export class SymbolsController {
  constructor(
    @Inject(SymbolCatalog) private readonly symbols: SymbolCatalog,
    @Inject(MarketReader) private readonly markets: MarketReader,
  ) {}

  @Get('symbols')
  async symbol(@Query({ schema: symbolSchema }) { symbol }: SymbolRequest): Promise<SymbolInfo> {
    const market = await this.symbols.get(symbol);
    return symbolInfo(market, await this.markets.stepsOf(market));
  }

  @Get('search')
  async search(@Query({ schema: searchSchema }) query: SearchRequest): Promise<FoundSymbol[]> {
    return searchSymbols(await this.symbols.markets(), query);
  }

  /** All symbols of an exchange. */
  @Get('symbol_info')
  async group(@Query({ schema: groupSchema }) { group }: GroupRequest) {
    const markets = (await this.symbols.markets()).filter(
      ({ exchange }) => exchangeName(exchange) === exchangeName(group),
    );
    if (markets.length === 0) throw new UnknownSymbolError();
    const steps = await this.markets.steps();
    return symbolColumns(
      markets.map((market) =>
        symbolInfo(market, steps.get(keyOf(market)) ?? { tickSize: '1', stepSize: '1' }),
      ),
    );
  }
}
