import { expect, it } from 'vitest';
import { UsedWeight } from '../../../../src/protocols/binance/used-weight.js';
import { bySymbols } from '../../../../src/protocols/binance/used-weight.interceptor.js';
import { ManualClock } from '../../../support/fixtures/manual-clock.js';

it('the weight is counted by client and minute', () => {
  const clock = new ManualClock();
  const weight = new UsedWeight(clock);
  expect([weight.add('a', 2), weight.add('a', 20), weight.add('b', 1)]).toEqual([2, 22, 1]);
  clock.advance(59_999);
  expect(weight.add('a', 1)).toBe(23);
  clock.advance(1);
  expect(weight.add('a', 1)).toBe(1);
});

it('the weight of those who asked longest ago is forgotten when there are many', () => {
  const weight = new UsedWeight(new ManualClock());
  weight.add('first', 5);
  for (let client = 0; client < 10_000; client += 1) weight.add(String(client), 1);
  expect(weight.add('first', 1)).toBe(1);
  expect(weight.add('9999', 1)).toBe(2);
});

it.each([
  [{ symbol: 'A' }, 2],
  [{}, 80],
  [{ symbols: '["A"]' }, 2],
  [{ symbols: JSON.stringify(new Array(21).fill('A')) }, 40],
  [{ symbols: JSON.stringify(new Array(101).fill('A')) }, 80],
])('the weight of tickers goes by symbols: %o', (query, expected) => {
  expect(bySymbols(query, 80, 40)).toBe(expected);
});
