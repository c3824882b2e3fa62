import { expect, it } from 'vitest';
import { readQuota } from '../../../src/exchanges/served-quota.js';

const NOW = Date.UTC(2024, 0, 1, 0, 0, 45);
const headers = (of: Record<string, string>) => (name: string) => of[name];

it("reads Binance's used weight, against the limit of the API that was asked", () => {
  const header = headers({ 'x-mbx-used-weight-1m': '4711' });
  const of = (url: string) => readQuota(url, header, NOW);
  expect(of('https://api.binance.com/api/v3/klines')).toEqual({
    used: 4711,
    limit: 6000,
    resetsInMs: 15_000,
  });
  expect(of('https://fapi.binance.com/fapi/v1/klines')!.limit).toBe(2400);
  expect(of('https://api.binance.us/api/v3/klines')!.limit).toBe(1200);
});

it("reads KuCoin's", () => {
  const header = headers({
    'gw-ratelimit-limit': '2000',
    'gw-ratelimit-remaining': '500',
    'gw-ratelimit-reset': '12000',
  });
  expect(readQuota('https://api.kucoin.com', header, NOW)).toEqual({
    used: 1500,
    limit: 2000,
    resetsInMs: 12_000,
  });
});

it('makes nothing of what it cannot read', () => {
  expect(readQuota('https://x', headers({}), NOW)).toBeUndefined();
  expect(readQuota('https://x', headers({ 'x-mbx-used-weight-1m': 'many' }), NOW)).toBeUndefined();
  expect(readQuota('https://x', headers({ 'gw-ratelimit-limit': '0' }), NOW)).toBeUndefined();
});
