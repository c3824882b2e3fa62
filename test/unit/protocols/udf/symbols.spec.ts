import { describe, expect, it } from 'vitest';
import type { KeptMarket } from '../../../../src/candles/market-reader.js';
import { INTERVALS } from '../../../../src/common/interval.js';
import { ALL_RESOLUTIONS, intervalOf, resolutionOf } from '../../../../src/protocols/udf/resolution.js';
import { SymbolIndex, tickerOf } from '../../../../src/protocols/udf/symbol-index.js';
import { priceSteps, symbolColumns, symbolInfo } from '../../../../src/protocols/udf/symbol-info.js';
import { searchSymbols } from '../../../../src/protocols/udf/symbol-search.js';

function market(exchange: string, symbol: string, changes: Partial<KeptMarket> = {}): KeptMarket {
  const [base = '', quote = ''] = symbol.split(':')[0]!.split('/');
  return { exchange, symbol, base, quote, intervals: INTERVALS, active: true, ...changes };
}

const MARKETS = [
  market('binance', '1000PEPE/USDT'),
  market('binance', 'BTC/USDT:USDT'),
  market('binance', 'ETH/BTC'),
  market('binance', 'ETH/USDT'),
  market('binance', 'WBTC/USDT'),
  market('kraken', 'BTC/USDT'),
  market('kraken', 'BTC/USD'),
];

describe('resolutions', () => {
  it('name every interval, and are read back as it', () => {
    expect(ALL_RESOLUTIONS.join(' ')).toBe('1 3 5 15 30 60 120 240 360 480 720 1D 3D 1W 1M');
    for (const interval of INTERVALS) expect(intervalOf(resolutionOf(interval))).toBe(interval);
  });

  it('may go without the one, and nothing else', () => {
    expect(['D', 'W', 'M'].map(intervalOf)).toEqual(['1d', '1w', '1M']);
    for (const text of ['', '0', '2', '1m', '1h', '01', '1S', '12M', 'constructor']) {
      expect(intervalOf(text)).toBeUndefined();
    }
  });
});

describe('a symbol is found', () => {
  const index = new SymbolIndex(MARKETS);
  const found = (name: string) => {
    const market = index.find(name);
    return market && tickerOf(market);
  };

  it('by its ticker, whatever the case', () => {
    for (const one of MARKETS) {
      expect(index.find(tickerOf(one))).toBe(one);
      expect(index.find(tickerOf(one).toLowerCase())).toBe(one);
    }
  });

  it.each([
    ['BTC/USDT', 'KRAKEN:BTC/USDT'],
    ['BTC/USDT:USDT', 'BINANCE:BTC/USDT:USDT'],
    ['btcusdt', 'KRAKEN:BTC/USDT'],
    ['BINANCE:BTCUSDT', 'BINANCE:BTC/USDT:USDT'],
    ['binance:ethusdt', 'BINANCE:ETH/USDT'],
    ['KRAKEN:BTC-USD', 'KRAKEN:BTC/USD'],
    ['BTCUSDTUSDT', 'BINANCE:BTC/USDT:USDT'],
    [' ETH/USDT ', 'BINANCE:ETH/USDT'],
  ])('by %o too', (name, ticker) => {
    expect(found(name)).toBe(ticker);
  });

  it.each(['', ' ', ':', '/', 'BTC', 'OKX:BTC/USDT', 'KRAKEN:', 'KRAKEN:ETH/USDT', '__proto__'])(
    'not by %o',
    (name) => {
      expect(found(name)).toBeUndefined();
    },
  );
});

describe('the search for symbols', () => {
  const search = (changes: Partial<Parameters<typeof searchSymbols>[1]>) =>
    searchSymbols(MARKETS, { query: '', type: '', exchange: '', limit: 30, ...changes }).map(
      ({ ticker }) => ticker,
    );

  it('has those first that are it, then those that begin with it, then those that have it within', () => {
    expect(search({ query: 'BTC' })).toEqual([
      'BINANCE:BTC/USDT:USDT',
      'KRAKEN:BTC/USDT',
      'KRAKEN:BTC/USD',
      'BINANCE:ETH/BTC',
      'BINANCE:WBTC/USDT',
    ]);
    expect(search({ query: 'BTCUSDT' })[0]).toBe('KRAKEN:BTC/USDT');
    expect(search({ query: 'BTC/USDX' })).toEqual([]);
    expect(search({ query: 'AT KRAKEN' })).toEqual(['KRAKEN:BTC/USDT', 'KRAKEN:BTC/USD']);
  });

  it('finds all without a query, and no more than are asked for', () => {
    expect(search({})).toEqual(MARKETS.map(tickerOf));
    expect(search({ limit: 2 })).toEqual(MARKETS.slice(0, 2).map(tickerOf));
  });

  it('heeds exchange and type', () => {
    expect(search({ query: 'BTC', exchange: 'KRAKEN' })).toEqual(['KRAKEN:BTC/USDT', 'KRAKEN:BTC/USD']);
    expect(search({ exchange: 'OKX' })).toEqual([]);
    expect(search({ type: 'crypto' })).toHaveLength(MARKETS.length);
    expect(search({ type: 'stock' })).toEqual([]);
  });

  it('tells of each what the adapter wants', () => {
    const [first] = searchSymbols(MARKETS, { query: 'ETH/BTC', type: '', exchange: '', limit: 1 });
    expect(first).toEqual({
      symbol: 'ETH/BTC',
      full_name: 'BINANCE:ETH/BTC',
      description: 'ETH / BTC, at binance',
      exchange: 'BINANCE',
      ticker: 'BINANCE:ETH/BTC',
      type: 'crypto',
    });
  });
});

describe('what is told of a symbol', () => {
  it.each([
    ['0.01', 1, 100],
    ['0.05', 5, 100],
    ['0.25', 25, 100],
    ['0.5', 5, 10],
    ['1', 1, 1],
    ['10', 10, 1],
    ['0.00000001', 1, 100_000_000],
    ['0.000000000000000001', 1, 1_000_000_000_000_000_000],
  ])('has the tick size %s as %i of %i parts', (tickSize, minmov, pricescale) => {
    expect(priceSteps(tickSize)).toEqual({ minmov, pricescale });
  });

  it('follows from the intervals that it has', () => {
    const hours = market('x', 'A/B', { intervals: ['1h', '4h', '1d', '1w'] });
    expect(symbolInfo(hours, { tickSize: '0.1', stepSize: '0.001' })).toMatchObject({
      has_intraday: true,
      intraday_multipliers: ['60', '240'],
      has_daily: true,
      has_weekly_and_monthly: false,
      supported_resolutions: ['60', '240', '1D', '1W'],
      volume_precision: 3,
    });
    const months = market('x', 'A/B', { intervals: ['1w', '1M'], active: false });
    expect(symbolInfo(months, { tickSize: '1', stepSize: '1' })).toMatchObject({
      has_intraday: false,
      intraday_multipliers: [],
      has_daily: false,
      has_weekly_and_monthly: true,
      volume_precision: 0,
      data_status: 'endofday',
    });
  });

  it('never has the key that means an unknown symbol', () => {
    const info = symbolInfo(MARKETS[0]!, { tickSize: '0.01', stepSize: '1' });
    expect(info).not.toHaveProperty('s');
    for (const column of Object.values(symbolColumns([info, info]))) expect(column).toHaveLength(2);
  });
});
