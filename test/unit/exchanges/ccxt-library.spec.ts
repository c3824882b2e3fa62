import * as ccxt from 'ccxt';
import { describe, expect, it } from 'vitest';
import { isCcxtExchange, loadCcxt } from '../../../src/exchanges/ccxt/ccxt-library.js';

describe('what is loaded of ccxt', () => {
  it('is each of its exchanges, the one with websockets where there are two', async () => {
    for (const id of Object.keys(ccxt.exchanges)) {
      const { Exchange, errors } = await loadCcxt(id);
      const known: Record<string, unknown> = ccxt.pro;
      const rest: Record<string, unknown> = ccxt.exchanges;
      expect(Exchange, id).toBe(known[id] ?? rest[id]);
      expect(errors['BadSymbol']).toBe(ccxt.errors.BadSymbol);
    }
  });

  it('is nothing that ccxt does not call an exchange', async () => {
    for (const id of ['nonsense', '__proto__', 'Exchange', 'base/Exchange', '../ccxt', 'pro/binance', '']) {
      expect(isCcxtExchange(id)).toBe(false);
      await expect(loadCcxt(id)).rejects.toMatchObject({ code: 'EXCHANGE_BAD_REQUEST', retryable: false });
    }
  });
});
