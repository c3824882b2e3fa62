import { describe, expect, it } from 'vitest';
import { targetOf } from '../../../src/importing/import-target.js';
import { symbolOf } from '../../../src/importing/market-names.js';

describe('the symbol of a market without a slash', () => {
  it.each([
    ['BTCUSDT', 'BTC/USDT'],
    ['BNBBTC', 'BNB/BTC'],
    ['WBTCETH', 'WBTC/ETH'],
    ['BTCFDUSD', 'BTC/FDUSD'],
    ['1000SATSTRY', '1000SATS/TRY'],
  ])('%s is %s', (market, symbol) => expect(symbolOf(market, [])).toBe(symbol));

  it('is the one that is kept, where one is', () => {
    expect(symbolOf('ABCAEUR', ['ABCA/EUR', 'BTC/USDT'])).toBe('ABCA/EUR');
    expect(symbolOf('FOOBAR', ['FOO/BAR'])).toBe('FOO/BAR');
  });

  it.each([
    ['FOOBAR', [], /not certain: name it with --symbol/],
    ['ABCAEUR', [], /ABCA\/EUR or ABC\/AEUR/],
    ['USDT', [], /--symbol/],
    ['BTCUSDT', ['BTC/USDT', 'BTC/USDT:USDT'], /BTC\/USDT or BTC\/USDT:USDT/],
  ])('%s is asked for', (market, kept, message) => {
    expect(() => symbolOf(market, kept)).toThrow(message);
  });
});

describe('what is in a file', () => {
  const binance = { exchange: 'binance' };

  it('is told by its name', () => {
    expect(targetOf('some/where/BTCUSDT-1m-2023-03-05.zip', binance, [])).toEqual({
      exchange: 'binance',
      symbol: 'BTC/USDT',
      interval: '1m',
      window: { from: Date.UTC(2023, 2, 5), to: Date.UTC(2023, 2, 6) },
    });
  });

  it('is hinted at by a name like it, of a file that may hold more, or something else', () => {
    const hinted = { exchange: 'binance', symbol: 'BTC/USDT', interval: '1m', window: null };
    expect(targetOf('btcusdt-1m-2023-03.csv', binance, [])).toEqual(hinted);
    const options = { symbol: 'BTC/EUR', interval: '1h' } as const;
    expect(targetOf('btc-1m-2023-03.csv', { ...binance, ...options }, [])).toEqual({ ...hinted, ...options });
  });

  it('is told by the user where the name does not', () => {
    const options = { exchange: 'kraken', symbol: 'ETH/USD', interval: '1h' } as const;
    expect(targetOf('eth.csv', options, [])).toEqual({ ...options, window: null });
  });

  it.each([
    ['eth.csv', {}, /--symbol/],
    ['eth.csv', { symbol: 'ETH/USD' }, /--interval/],
    ['ETHUSDT-1m-2023-03.zip', { symbol: 'BTC/USDT' }, /holds ETHUSDT and not BTC\/USDT/],
    ['ETHUSDT-1m-2023-03.zip', { interval: '1h' }, /candles of 1m and not 1h/],
    ['ETHUSDT-1s-2023-03.zip', {}, /unknown interval/],
    ['data/futures/um/monthly/klines/BTCUSDT/1m/BTCUSDT-1m-2023-03.zip', {}, /futures/],
  ] as const)('%s with %o is refused', (file, options, message) => {
    expect(() => targetOf(file, { ...binance, ...options }, [])).toThrow(message);
  });

  it('may be of futures, when that is said', () => {
    const file = 'data/futures/um/monthly/klines/BTCUSDT/1m/BTCUSDT-1m-2023-03.zip';
    const options = { exchange: 'binanceusdm', symbol: 'BTC/USDT:USDT' };
    expect(targetOf(file, options, [])).toMatchObject(options);
  });
});
