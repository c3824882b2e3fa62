import { Get, Inject, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { BinanceController } from './binance-controller.decorator.js';
import { klinesSchema, type KlinesQuery } from './binance.schemas.js';
import { KlineReader } from './kline-reader.js';
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
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const market = await this.listed.find(exchange, query.symbol);
    const body = await this.klines.read(market, query);
    void reply.type('application/json; charset=utf-8');
    return body;
  }
}
