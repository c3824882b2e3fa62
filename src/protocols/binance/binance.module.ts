import { Inject, Module } from '@nestjs/common';
import { CandleReadingModule, LiveModule } from '../../candles/candles.module.js';
import { HttpModule } from '../../http/http.module.js';
import { StreamModule } from '../stream/stream.module.js';
import { RefusalForms } from '../../http/refusal-forms.js';
import { refuseLikeBinance } from './binance.filter.js';
import { ElsewhereController } from './elsewhere.controller.js';
import { GeneralController } from './general.controller.js';
import { KlineReader } from './kline-reader.js';
import { KlinesController } from './klines.controller.js';
import { ListedMarkets } from './listed-markets.js';
import { TickerReader } from './ticker-reader.js';
import { TickersController } from './tickers.controller.js';
import { KlineStreams } from './stream/kline-streams.js';
import { UpgradeGate } from './stream/upgrade-gate.js';
import { UsedWeight } from './used-weight.js';
import { ZonedCandles } from './zoned-candles.js';

/** Binance's market-data API, out of what is kept: clients that speak to Binance speak to this. */
@Module({
  imports: [CandleReadingModule, LiveModule, StreamModule, HttpModule],
  controllers: [GeneralController, KlinesController, TickersController, ElsewhereController],
  providers: [ListedMarkets, KlineReader, ZonedCandles, TickerReader, UsedWeight, UpgradeGate, KlineStreams],
})
export class BinanceModule {
  constructor(@Inject(RefusalForms) forms: RefusalForms) {
    forms.register('/binance/', refuseLikeBinance);
  }
}
