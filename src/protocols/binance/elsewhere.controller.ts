import { Controller, Get, UseFilters } from '@nestjs/common';
import { BinanceFilter } from './binance.filter.js';
import { BinanceRefusal, CODE } from './refusal.js';

/** What Binance has and this has not: trades, the order book, accounts. */
@Controller('binance')
@UseFilters(BinanceFilter)
export class ElsewhereController {
  @Get('*')
  nothing(): never {
    throw new BinanceRefusal(CODE.unknown, 'Path not found.', 404);
  }
}
