import { describe, expect, it } from 'vitest';
import { fullTicker, miniTicker, toDay } from '../../../../src/protocols/binance/day.js';
import { average, difference, percentOf, sumOfProducts } from '../../../../src/protocols/binance/figures.js';

const candle = (
  openTime: number,
  [open, high, low, close, volume]: [string, string, string, string, string],
) => ({
  openTime,
  open,
  high,
  low,
  close,
  volume,
});

describe('the figures of a day', () => {
  const candles = [
    candle(0, ['1', '99', '0.5', '9.5', '1000']),
    candle(1, ['10', '11', '9.9', '10.1', '0.1']),
    candle(2, ['10.1', '10.2', '8', '8.0000000000000000000000001', '2']),
  ];
  const day = toDay(candles, { openTime: 1, closeTime: 3 });

  it('are exact, and the candle before it tells the previous close only', () => {
    expect(day).toEqual({
      openTime: 1,
      closeTime: 3,
      open: '10',
      high: '11',
      low: '8',
      last: '8.0000000000000000000000001',
      previousClose: '9.5',
      volume: '2.1',
      quoteVolume: '17.0100000000000000000000002',
    });
    expect(fullTicker('AB', day)).toMatchObject({
      priceChange: '-1.9999999999999999999999999',
      priceChangePercent: '-20',
      weightedAvgPrice: '8.1',
      bidPrice: day.last,
      askPrice: day.last,
      firstId: -1,
      lastId: -1,
      count: 0,
    });
  });

  it('are fewer in the small ticker, and the same', () => {
    const small = miniTicker('AB', day);
    expect(fullTicker('AB', day)).toMatchObject(small);
    expect(Object.keys(small).toSorted()).toEqual(
      'closeTime count firstId highPrice lastId lastPrice lowPrice openPrice openTime quoteVolume symbol volume'.split(
        ' ',
      ),
    );
  });

  it('of a day without candles are the last price that is known', () => {
    const time = { openTime: 1, closeTime: 3 };
    const still = { open: '9.5', high: '9.5', low: '9.5', last: '9.5', previousClose: '9.5', volume: '0' };
    expect(toDay(candles.slice(0, 1), time)).toMatchObject(still);
    expect(toDay([], { ...time, known: '9.5' })).toMatchObject(still);
    expect(fullTicker('AB', toDay([], time))).toMatchObject({
      lastPrice: '0',
      priceChange: '0',
      priceChangePercent: '0',
      weightedAvgPrice: '0',
    });
  });
});

it.each([
  ['1', '3', '0.33333333'],
  ['2', '3', '0.66666667'],
  ['-2', '3', '-0.66666667'],
  ['1', '800000000', '0'],
  ['4', '800000000', '0.00000001'],
  ['10', '0.1', '100'],
  ['1', '0', null],
])('%s / %s is %s', (quote, volume, expected) => expect(average(quote, volume)).toBe(expected));

it('percentages have three places', () => {
  expect(percentOf('1', '3')).toBe('33.333');
  expect(percentOf('-0.0005', '1')).toBe('-0.05');
  expect(percentOf('0', '1')).toBe('0');
  expect(percentOf('1', '0')).toBeNull();
});

it('sums and differences lose no digit', () => {
  expect(difference('0.1', '0.30000000000000000001')).toBe('-0.20000000000000000001');
  expect(
    sumOfProducts([
      ['0.1', '0.2'],
      ['123456789.123456789', '1000000007'],
    ]),
  ).toBe(sumByHand());
});

/** 0.1 · 0.2 + 123456789.123456789 · 1000000007, in units of 10^-9. */
function sumByHand(): string {
  const units = 20_000_000n + 123_456_789_123_456_789n * 1_000_000_007n;
  const text = String(units);
  return `${text.slice(0, -9)}.${text.slice(-9)}`.replace(/0+$/, '');
}
