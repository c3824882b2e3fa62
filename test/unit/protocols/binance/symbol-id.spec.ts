import { describe, expect, it } from 'vitest';
import type { KeptMarket } from '../../../../src/candles/market-reader.js';
import { listMarkets } from '../../../../src/protocols/binance/symbol-id.js';

function kept(symbol: string, exchange = 'x'): KeptMarket {
  const [base = '', quote = ''] = symbol.split(':')[0]!.split('/');
  return { exchange, symbol, base, quote, intervals: ['1m'], active: true };
}

const list = (...symbols: string[]) =>
  [
    ...listMarkets(
      symbols.map((symbol) => kept(symbol)),
      'x',
    ),
  ].map(([id, { symbol }]) => [id, symbol]);

describe('the ids of markets', () => {
  it.each([
    ['BTC/USDT', 'BTCUSDT'],
    ['1000SATS/USDT', '1000SATSUSDT'],
    ['BTC/USDT:USDT', 'BTCUSDT_USDT'],
    ['BTC/USD:BTC', 'BTCUSD_BTC'],
    ['BTC/USDT:USDT-270326', 'BTCUSDT_USDT-270326'],
  ])('%s is %s', (symbol, id) => {
    expect(list(symbol)).toEqual([[id, symbol]]);
  });

  it.each(['kPEPE/USDC', '币安人生/USDT', 'A B/USDT', 'BTC/USDT:USDT-270326-50000-C'])(
    '%s has none, and is left out',
    (symbol) => expect(list(symbol, 'BTC/USDT')).toEqual([['BTCUSDT', 'BTC/USDT']]),
  );

  it('are base and quote put together, so that a derivative is never taken for the spot market', () => {
    const listed = listMarkets([kept('BTC/USDT:USDT'), kept('BTC/USDT')], 'x');
    for (const { id, base, quote } of listed.values()) expect(id).toBe(base + quote);
    expect(new Set([...listed.values()].map(({ base, quote }) => `${base}/${quote}`)).size).toBe(2);
  });

  it('belong to the spot market where two would have one, and else to the first', () => {
    expect(list('A/B_C:D', 'A/B:C_D', 'AB/_C_D')).toEqual([['AB_C_D', 'AB/_C_D']]);
    expect(list('AB/C', 'A/BC')).toEqual([['ABC', 'AB/C']]);
  });

  it('are those of one exchange', () => {
    expect([...listMarkets([kept('A/B', 'y'), kept('C/D')], 'x').keys()]).toEqual(['CD']);
  });
});
