import { Get, Inject, Param, Query } from '@nestjs/common';
import { BinanceController } from './binance-controller.decorator.js';
import {
  averageSchema,
  dayTickerSchema,
  priceTickerSchema,
  type AverageQuery,
  type DayTickerQuery,
  type PriceTickerQuery,
} from './binance.schemas.js';
import { book, fullTicker, miniTicker } from './day.js';
import { statusOf } from './exchange-info.js';
import { ListedMarkets } from './listed-markets.js';
import { QueryPipe } from './query.pipe.js';
import type { ListedMarket } from './symbol-id.js';
import { TickerReader, type Told } from './ticker-reader.js';
import { bySymbols, Weight } from './used-weight.interceptor.js';

/** How a ticker is read, of one market and of all of an exchange, and how it is written. */
interface Ticker<T> {
  readonly one: (market: ListedMarket) => Promise<T>;
  readonly all: (exchange: string, markets: readonly ListedMarket[]) => Promise<Told<T>>;
  readonly write: (symbol: string, value: T) => object;
}

@BinanceController()
export class TickersController {
  constructor(
    @Inject(ListedMarkets) private readonly listed: ListedMarkets,
    @Inject(TickerReader) private readonly tickers: TickerReader,
  ) {}

  @Get('ticker/24hr')
  @Weight((query) => bySymbols(query, 80, 40))
  day(
    @Param('exchange') exchange: string | undefined,
    @Query(new QueryPipe(dayTickerSchema)) query: DayTickerQuery,
  ): Promise<unknown> {
    const write = query.type === 'MINI' ? miniTicker : fullTicker;
    return this.answer(exchange, query, {
      one: (market) => this.tickers.day(market),
      all: (name, markets) => this.tickers.daysOfAll(name, markets),
      write,
    });
  }

  @Get('ticker/price')
  @Weight((query) => bySymbols(query, 4, 4))
  price(
    @Param('exchange') exchange: string | undefined,
    @Query(new QueryPipe(priceTickerSchema)) query: PriceTickerQuery,
  ): Promise<unknown> {
    return this.prices(exchange, query, (symbol, price) => ({ symbol, price }));
  }

  @Get('ticker/bookTicker')
  @Weight((query) => bySymbols(query, 4, 4))
  book(
    @Param('exchange') exchange: string | undefined,
    @Query(new QueryPipe(priceTickerSchema)) query: PriceTickerQuery,
  ): Promise<unknown> {
    return this.prices(exchange, query, (symbol, price) => ({ symbol, ...book(price) }));
  }

  @Get('avgPrice')
  @Weight(() => 2)
  async average(
    @Param('exchange') exchange: string | undefined,
    @Query(new QueryPipe(averageSchema)) query: AverageQuery,
  ): Promise<unknown> {
    return this.tickers.average(await this.listed.find(exchange, query.symbol));
  }

  private prices(exchange: string | undefined, query: PriceTickerQuery, write: Ticker<string>['write']) {
    return this.answer(exchange, query, {
      one: (market) => this.tickers.lastPrice(market),
      all: (name, markets) => this.tickers.lastPricesOfAll(name, markets),
      write,
    });
  }

  /** One where one symbol is asked for, a list otherwise. */
  private async answer<T>(
    exchange: string | undefined,
    { symbol, symbols, symbolStatus }: PriceTickerQuery,
    { one, all, write }: Ticker<T>,
  ): Promise<unknown> {
    if (symbol !== undefined) {
      return write(symbol, await one(await this.listed.find(exchange, symbol)));
    }
    const found = await this.listed.some(exchange, symbols);
    if (found.length === 0) return [];
    const told =
      symbols === undefined
        ? await all(found[0]!.exchange, found)
        : await Promise.all(found.map(async (market) => [market, await one(market)] as const));
    return told
      .filter(([market]) => symbolStatus === undefined || statusOf(market) === symbolStatus)
      .map(([market, value]) => write(market.id, value));
  }
}
