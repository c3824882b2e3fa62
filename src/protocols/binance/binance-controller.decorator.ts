import { applyDecorators, Controller, UseFilters, UseInterceptors } from '@nestjs/common';
import { BinanceFilter } from './binance.filter.js';
import { UsedWeightInterceptor } from './used-weight.interceptor.js';

/** A controller of Binance's API: of the exchange that the path names, and of the one that stands for Binance. */
export function BinanceController(): ClassDecorator {
  return applyDecorators(
    Controller(['binance/api/v3', 'binance/:exchange/api/v3']),
    UseFilters(BinanceFilter),
    UseInterceptors(UsedWeightInterceptor),
  );
}
