import { Get, Inject, Param, Query } from '@nestjs/common';
import { BinanceController } from './binance-controller.decorator.js';
import { klinesSchema, type KlinesQuery } from './binance.schemas.js';
import { KlineReader } from './kline-reader.js';
import { toKline, type Kline } from './kline.js';
import { ListedMarkets } from './listed-markets.js';
import { QueryPipe } from './query.pipe.js';
import { Weight } from './used-weight.interceptor.js';

@BinanceController()
export class KlinesController {
  constructor(
    @Inject(ListedMarkets) private readonly listed: ListedMarkets,
    @Inject(KlineReader) private readonly klines: KlineReader,
  ) {}

  /** Binance makes the second one nicer to draw; ours are the same. */
  @Get(['klines', 'uiKlines'])
  @Weight(() => 2)
  async list(
    @Param('exchange') exchange: string | undefined,
    @Query(new QueryPipe(klinesSchema)) query: KlinesQuery,
  ): Promise<Kline[]> {
    const market = await this.listed.find(exchange, query.symbol);
    const candles = await this.klines.read(market, query);
    return candles.map((candle) => toKline(candle, query.interval));
  }
}
