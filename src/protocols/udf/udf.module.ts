import { Module } from '@nestjs/common';
import { CandleReadingModule } from '../../candles/candles.module.js';
import { BarReader } from './bar-reader.js';
import { ConfigController } from './config.controller.js';
import { HistoryController } from './history.controller.js';
import { MarkReader } from './mark-reader.js';
import { MarksController } from './marks.controller.js';
import { QuotesController } from './quotes.controller.js';
import { SymbolCatalog } from './symbol-catalog.js';
import { SymbolsController } from './symbols.controller.js';

/** TradingView's UDF, which its charting library speaks. Needs the DataSource `reader` only. */
@Module({
  imports: [CandleReadingModule],
  controllers: [ConfigController, SymbolsController, HistoryController, MarksController, QuotesController],
  providers: [SymbolCatalog, BarReader, MarkReader],
})
export class UdfModule {}
