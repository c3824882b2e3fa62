import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  averageSchema,
  dayTickerSchema,
  exchangeInfoSchema,
  klinesSchema,
  nothingSchema,
  priceTickerSchema,
} from '../../../../src/protocols/binance/binance.schemas.js';
import { QueryPipe } from '../../../../src/protocols/binance/query.pipe.js';
import { BinanceRefusal } from '../../../../src/protocols/binance/refusal.js';

const BTC = { symbol: 'BTCUSDT', interval: '1m' };
const HOUR = 3_600_000;

function refusalOf(schema: z.ZodType, query: Record<string, unknown>): [number, string] {
  try {
    const read = new QueryPipe(schema).transform(query);
    throw new Error(`not refused: ${JSON.stringify(read)}`);
  } catch (error) {
    if (!(error instanceof BinanceRefusal)) throw error;
    return [error.number, error.message];
  }
}

const illegal = (name: string, range: string) => [
  -1100,
  `Illegal characters found in parameter '${name}'; legal range is '${range}'.`,
];
const SYMBOL = '^[A-Z0-9-_.]{1,20}$';
const SYMBOLS = '^\\[("[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}){0,1}\\]$';
const mandatory = (name: string) => [
  -1102,
  `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`,
];
const empty = (name: string) => [-1105, `Parameter '${name}' was empty.`];
const invalid = (name: string) => [-1130, `Data sent for parameter '${name}' is not valid.`];
const DUPLICATE = [-1101, 'Duplicate values for a parameter detected.'];
const UNKNOWN = [-1103, 'An unknown parameter was sent.'];
const COMBINATION = [-1128, 'Combination of optional parameters invalid.'];

describe('a query', () => {
  it.each<[string, z.ZodType, Record<string, unknown>, unknown]>([
    ['lower case', klinesSchema, { ...BTC, symbol: 'btcusdt' }, illegal('symbol', SYMBOL)],
    ['a slash', averageSchema, { symbol: 'BTC/USDT' }, illegal('symbol', SYMBOL)],
    ['too long', averageSchema, { symbol: 'A'.repeat(21) }, illegal('symbol', SYMBOL)],
    ['a limit in words', klinesSchema, { ...BTC, limit: 'ten' }, illegal('limit', '^[0-9]{1,20}$')],
    ['a negative limit', klinesSchema, { ...BTC, limit: '-1' }, illegal('limit', '^[0-9]{1,20}$')],
    [
      'a time in ISO',
      klinesSchema,
      { ...BTC, startTime: '2024-01-01' },
      illegal('startTime', '^[0-9]{1,20}$'),
    ],
    ['a time before 1970', klinesSchema, { ...BTC, endTime: '-1' }, illegal('endTime', '^[0-9]{1,20}$')],
    ['a list without quotes', priceTickerSchema, { symbols: '[BTCUSDT]' }, illegal('symbols', SYMBOLS)],
    ['a list with a space', priceTickerSchema, { symbols: '["A", "B"]' }, illegal('symbols', SYMBOLS)],
    ['a repeated parameter', klinesSchema, { ...BTC, symbol: ['A', 'B'] }, DUPLICATE],
    ['a repeated unknown one', nothingSchema, { x: ['1', '2'] }, DUPLICATE],
    ['a symbol twice', dayTickerSchema, { symbols: '["A","B","A"]' }, DUPLICATE],
    ['no symbol', klinesSchema, { interval: '1m' }, mandatory('symbol')],
    ['no interval', klinesSchema, { symbol: 'BTCUSDT' }, mandatory('interval')],
    ['nothing', averageSchema, {}, mandatory('symbol')],
    ['an unknown parameter', klinesSchema, { ...BTC, colour: 'red' }, UNKNOWN],
    ['an unknown parameter first', klinesSchema, { colour: 'red' }, UNKNOWN],
    ['another case', klinesSchema, { ...BTC, Limit: '1' }, UNKNOWN],
    ['a parameter of ping', nothingSchema, { symbol: 'A' }, UNKNOWN],
    ['an empty symbol', klinesSchema, { ...BTC, symbol: '' }, empty('symbol')],
    ['an empty interval', klinesSchema, { ...BTC, interval: '' }, empty('interval')],
    ['an empty limit', klinesSchema, { ...BTC, limit: '' }, empty('limit')],
    ['an empty zone', klinesSchema, { ...BTC, timeZone: '' }, empty('timeZone')],
    ['an empty list', exchangeInfoSchema, { symbols: '[]' }, empty('symbols')],
    ['seconds', klinesSchema, { ...BTC, interval: '1s' }, [-1120, 'Invalid interval.']],
    ['an hour in capitals', klinesSchema, { ...BTC, interval: '1H' }, [-1120, 'Invalid interval.']],
    ['seven minutes', klinesSchema, { ...BTC, interval: '7m' }, [-1120, 'Invalid interval.']],
    ['one and several', exchangeInfoSchema, { symbol: 'A', symbols: '["B"]' }, COMBINATION],
    ['one and several', dayTickerSchema, { symbol: 'A', symbols: '["B"]' }, COMBINATION],
    ['one and several', priceTickerSchema, { symbol: 'A', symbols: '["B"]' }, COMBINATION],
    ['a limit of nothing', klinesSchema, { ...BTC, limit: '0' }, invalid('limit')],
    ['a zone too far west', klinesSchema, { ...BTC, timeZone: '-12:01' }, invalid('timeZone')],
    ['a zone too far east', klinesSchema, { ...BTC, timeZone: '14:01' }, invalid('timeZone')],
    ['a zone by name', klinesSchema, { ...BTC, timeZone: 'UTC' }, invalid('timeZone')],
    ['another type', dayTickerSchema, { type: 'HUGE' }, invalid('type')],
    ['another status', priceTickerSchema, { symbolStatus: 'GONE' }, invalid('symbolStatus')],
  ])('is refused: %s', (_, schema, query, refusal) => {
    expect(refusalOf(schema, query)).toEqual(refusal);
  });

  it.each([
    ['0', 0],
    ['8', 8 * HOUR],
    ['-1:00', -HOUR],
    ['05:45', 5.75 * HOUR],
    ['+14:00', 14 * HOUR],
    [' 14:00', 14 * HOUR],
    ['-12:00', -12 * HOUR],
    ['-0:30', -HOUR / 2],
  ])('reads the zone %o', (timeZone, ahead) => {
    expect(new QueryPipe(klinesSchema).transform({ ...BTC, timeZone }).timeZone).toBe(ahead);
  });

  it.each([
    [undefined, 500],
    ['1', 1],
    ['1000', 1000],
    ['1001', 1000],
    ['99999999999999999999', 1000],
  ])('with the limit %o is for %i candles', (limit, expected) => {
    const query = limit === undefined ? BTC : { ...BTC, limit };
    expect(new QueryPipe(klinesSchema).transform(query).limit).toBe(expected);
  });

  it('for several symbols is read as a list', () => {
    expect(new QueryPipe(priceTickerSchema).transform({ symbols: '["A","B"]' }).symbols).toEqual(['A', 'B']);
  });
});
