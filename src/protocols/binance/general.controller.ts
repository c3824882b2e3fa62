import { Get, Inject, Param, Query } from '@nestjs/common';
import { keyOf, MarketReader } from '../../candles/market-reader.js';
import { Clock } from '../../common/clock.js';
import { BinanceController } from './binance-controller.decorator.js';
import { exchangeInfoSchema, nothingSchema, type ExchangeInfoQuery } from './binance.schemas.js';
import { describeExchange, describeSymbol, statusOf } from './exchange-info.js';
import { ListedMarkets } from './listed-markets.js';
import { QueryPipe } from './query.pipe.js';
import { Weight } from './used-weight.interceptor.js';

/** Of a market without any candle. */
const NO_STEPS = { tickSize: '1', stepSize: '1' };

@BinanceController()
export class GeneralController {
  constructor(
    @Inject(ListedMarkets) private readonly listed: ListedMarkets,
    @Inject(MarketReader) private readonly markets: MarketReader,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Get('ping')
  @Weight(() => 1)
  async ping(
    @Param('exchange') exchange: string | undefined,
    @Query(new QueryPipe(nothingSchema)) nothing: object,
  ): Promise<object> {
    await this.expectKept(exchange);
    return nothing;
  }

  @Get('time')
  @Weight(() => 1)
  async time(
    @Param('exchange') exchange: string | undefined,
    @Query(new QueryPipe(nothingSchema)) nothing: object,
  ): Promise<object> {
    await this.expectKept(exchange);
    return { ...nothing, serverTime: this.clock.now() };
  }

  @Get('exchangeInfo')
  @Weight(() => 20)
  async exchangeInfo(
    @Param('exchange') exchange: string | undefined,
    @Query(new QueryPipe(exchangeInfoSchema)) query: ExchangeInfoQuery,
  ): Promise<object> {
    const { symbol, symbols, symbolStatus, showPermissionSets = true } = query;
    const found = await this.listed.some(exchange, symbol === undefined ? symbols : [symbol]);
    const steps = await this.markets.steps(found.length === 1 ? found[0] : undefined);
    const wanted = found.filter((market) => symbolStatus === undefined || statusOf(market) === symbolStatus);
    return describeExchange(
      this.clock.now(),
      wanted.map((market) =>
        describeSymbol(market, steps.get(keyOf(market)) ?? NO_STEPS, showPermissionSets),
      ),
    );
  }

  /** Of a path that names an exchange: a client that is pointed at the wrong one is to hear it at once. */
  private async expectKept(exchange: string | undefined): Promise<void> {
    if (exchange !== undefined) await this.listed.all(exchange);
  }
}
