import { describe, expect, it } from 'vitest';
import { isWildcard, matchesSymbol, parseMarkets } from '../../../src/config/market-selector.js';

describe('parseMarkets', () => {
  it('reads several entries and several intervals', () => {
    expect(parseMarkets(' binance:BTC/USDT@1m\n kraken:ETH/USD@1m,1h,1M ')).toEqual([
      { exchange: 'binance', symbol: 'BTC/USDT', intervals: ['1m'] },
      { exchange: 'kraken', symbol: 'ETH/USD', intervals: ['1m', '1h', '1M'] },
    ]);
  });

  it('reads contracts, whose symbols hold colons and dashes', () => {
    expect(parseMarkets('bybit:BTC/USDT:USDT-240628@1h')).toEqual([
      { exchange: 'bybit', symbol: 'BTC/USDT:USDT-240628', intervals: ['1h'] },
    ]);
  });

  it('takes an interval that is named twice once', () => {
    expect(parseMarkets('kraken:ETH/USD@1h,1h')[0]!.intervals).toEqual(['1h']);
  });

  it.each([
    '',
    '  ',
    'binance',
    'binance:',
    'binance:BTC/USDT',
    'binance:BTC/USDT@',
    ':BTC/USDT@1m',
    'a:b@1m@1h',
  ])('refuses %j', (text) => {
    expect(() => parseMarkets(text)).toThrow(expect.objectContaining({ code: 'INVALID_MARKETS' }) as Error);
  });

  it.each(['1m,', ',1m', '2m', '1m;1h', '1y'])('refuses the intervals %j', (intervals) => {
    expect(() => parseMarkets(`binance:BTC/USDT@${intervals}`)).toThrow(/^entry 1: /);
  });
});

describe('a symbol with *', () => {
  it.each([
    ['*/USDT', 'BTC/USDT', true],
    ['*/USDT', 'BTC/USDC', false],
    ['*/USDT', 'BTC/USDT:USDT', false],
    ['*', 'anything', true],
    ['BTC/*', 'BTC/EUR', true],
    ['BTC/*', 'WBTC/EUR', false],
    ['*BTC*', '1BTC/EUR', true],
    ['*/USD*', 'BTC/USD', true],
    ['B.C/*', 'BTC/EUR', false],
    ['A+(B)/*', 'A+(B)/EUR', true],
    ['BTC/USDT', 'BTC/USDT', true],
    ['BTC/USDT', 'btc/usdt', false],
  ])('%s, %s: %j', (pattern, symbol, matches) => {
    expect(matchesSymbol(pattern, symbol)).toBe(matches);
  });

  it('is told from a plain one', () => {
    const [wild, plain] = parseMarkets('binance:*/USDT@1m binance:BTC/USDT@1m');
    expect([isWildcard(wild!), isWildcard(plain!)]).toEqual([true, false]);
  });
});
