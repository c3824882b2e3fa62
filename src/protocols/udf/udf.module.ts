import { Inject, Module } from '@nestjs/common';
import { CandleReadingModule } from '../../candles/candles.module.js';
import { HttpModule } from '../../http/http.module.js';
import { RefusalForms } from '../../http/refusal-forms.js';
import { BarReader } from './bar-reader.js';
import { ConfigController } from './config.controller.js';
import { HistoryController } from './history.controller.js';
import { MarkReader } from './mark-reader.js';
import { MarksController } from './marks.controller.js';
import { QuotesController } from './quotes.controller.js';
import { SymbolCatalog } from './symbol-catalog.js';
import { refuseLikeUdf } from './udf-error.filter.js';
import { SymbolsController } from './symbols.controller.js';

/** TradingView's UDF, which its charting library speaks. Needs the DataSource `reader` only. */
@Module({
  imports: [CandleReadingModule, HttpModule],
  controllers: [ConfigController, SymbolsController, HistoryController, MarksController, QuotesController],
  providers: [SymbolCatalog, BarReader, MarkReader],
})
export class UdfModule {
  constructor(@Inject(RefusalForms) forms: RefusalForms) {
    forms.register('/udf/', refuseLikeUdf);
  }
}
