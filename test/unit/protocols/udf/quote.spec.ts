import { describe, expect, it } from 'vitest';
import { changeOf, noQuoteText, quoteText } from '../../../../src/protocols/udf/quote.js';

const MARKET = {
  exchange: 'binance',
  symbol: 'BTC/USDT',
  base: 'BTC',
  quote: 'USDT',
  intervals: ['1m'] as const,
  active: true,
};
const DAY = {
  openTime: 0,
  open: '100',
  high: '110.5',
  low: '90.25',
  close: '101',
  volume: '12.000000000000000001',
};

describe('the change of a price', () => {
  it.each([
    ['100', '101', '1', '1'],
    ['100', '100', '0', '0'],
    ['100', '99.995', '-0.005', '-0.01'],
    ['100', '100.005', '0.005', '0.01'],
    ['100', '100.0049', '0.0049', '0'],
    ['3', '2', '-1', '-33.33'],
    ['3', '4', '1', '33.33'],
    ['0.00000003', '0.00000005', '0.00000002', '66.67'],
    ['90071992547409.93', '90071992547409.94', '0.01', '0'],
    ['0.1', '123456789012345678.9', '123456789012345678.8', '123456789012345678800'],
    ['0', '5', '5', '0'],
  ])('from %s to %s is %s, and %s percent', (from, to, change, percent) => {
    expect(changeOf(from, to)).toEqual({ change, percent });
  });
});

describe('a quote', () => {
  it('has every digit of its figures', () => {
    const text = quoteText('btc', MARKET, { last: '101', day: DAY, before: { ...DAY, close: '99' } });
    expect(text).toContain('"volume":12.000000000000000001}');
    expect(JSON.parse(text)).toMatchObject({
      s: 'ok',
      n: 'btc',
      v: {
        ch: 2,
        chp: 2.02,
        short_name: 'BTC/USDT',
        exchange: 'BINANCE',
        description: 'BTC / USDT, at binance',
        lp: 101,
        ask: 101,
        bid: 101,
        open_price: 100,
        high_price: 110.5,
        low_price: 90.25,
        prev_close_price: 99,
      },
    });
  });

  it('takes the open of the first day for the close before it', () => {
    const { v } = JSON.parse(quoteText('x', MARKET, { last: '101', day: DAY, before: undefined }));
    expect(v).toMatchObject({ ch: 1, chp: 1, prev_close_price: 100 });
  });

  it('has no last price above its high or below its low', () => {
    const at = (last: string) => JSON.parse(quoteText('x', MARKET, { last, day: DAY, before: DAY })).v;
    expect(at('120')).toMatchObject({ lp: 120, high_price: 120, low_price: 90.25 });
    expect(at('80')).toMatchObject({ lp: 80, high_price: 110.5, low_price: 80 });
  });

  it('echoes whatever it was asked for', () => {
    const name = 'a"b\\c\u2028';
    expect(JSON.parse(noQuoteText(name))).toEqual({ s: 'error', n: name, v: {} });
    expect(JSON.parse(quoteText(name, MARKET, { last: '1', day: DAY, before: DAY })).n).toBe(name);
  });
});
