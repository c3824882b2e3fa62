import { HttpException } from '@nestjs/common';
import { expect, it } from 'vitest';
import { NotKeptError } from '../../../../src/candles/series-reader.js';
import { RollupsNotBuiltError } from '../../../../src/candles/rollup-on-demand.js';
import { CryptoFlowError } from '../../../../src/common/errors.js';
import { toBinanceError } from '../../../../src/protocols/binance/binance.filter.js';
import { invalidData, invalidSymbol } from '../../../../src/protocols/binance/refusal.js';

it.each([
  [invalidSymbol(), 400, -1121, 'Invalid symbol.'],
  [invalidData('limit'), 400, -1130, "Data sent for parameter 'limit' is not valid."],
  [new NotKeptError('exchange', 'secret'), 400, -1121, 'Invalid symbol.'],
  [new NotKeptError('symbol', 'secret'), 400, -1121, 'Invalid symbol.'],
  [new NotKeptError('interval', 'secret'), 400, -1120, 'Invalid interval.'],
  [new RollupsNotBuiltError(), 429, -1003, 'Too many requests queued.'],
  [new CryptoFlowError('DATABASE_NOT_READY', 'secret'), 429, -1003, 'Too many requests queued.'],
  [new CryptoFlowError('READ_TOO_LONG', 'secret'), 429, -1003, 'Too many requests queued.'],
  [new HttpException('secret', 429), 429, -1003, 'Too many requests queued.'],
  [
    new CryptoFlowError('UNAUTHENTICATED', 'secret'),
    401,
    -2015,
    'Invalid API-key, IP, or permissions for action.',
  ],
  [new Error('secret'), 500, -1000, 'An unknown error occurred while processing the request.'],
  [
    new CryptoFlowError('OF_NOBODY', 'secret'),
    500,
    -1000,
    'An unknown error occurred while processing the request.',
  ],
])('%s is told as Binance would, and nothing of its inside', (error, status, code, msg) => {
  expect(toBinanceError(error)).toEqual({ status, code, msg });
});
