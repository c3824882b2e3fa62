import { beforeAll, describe, expect, it } from 'vitest';
import { SystemClock } from '../../../src/common/clock.js';
import { CcxtCall } from '../../../src/exchanges/ccxt/ccxt-call.js';
import { CcxtErrors } from '../../../src/exchanges/ccxt/ccxt-errors.js';
import { loadCcxt, type CcxtLibrary } from '../../../src/exchanges/ccxt/ccxt-library.js';
import { ExchangeError } from '../../../src/exchanges/exchange-errors.js';

describe('CcxtErrors', () => {
  let library: CcxtLibrary;

  beforeAll(async () => {
    library = await loadCcxt('kraken');
  });

  function translate(error: unknown, status?: number, headers: Record<string, string> = {}): ExchangeError {
    const call = new CcxtCall(new SystemClock(), undefined);
    if (status !== undefined) call.answered(status, headers);
    return new CcxtErrors('kraken', {}).translate(error, call, library);
  }

  function ccxtError(name: string): Error {
    const Class = library.errors[name] as unknown as new (message: string) => Error;
    return new Class(`kraken said ${name}`);
  }

  it.each([
    ['BadSymbol', 400, 'EXCHANGE_BAD_SYMBOL'],
    ['BadRequest', 400, 'EXCHANGE_BAD_REQUEST'],
    ['NotSupported', undefined, 'EXCHANGE_BAD_REQUEST'],
    ['PermissionDenied', 403, 'EXCHANGE_AUTHENTICATION'],
    ['RateLimitExceeded', 200, 'EXCHANGE_RATE_LIMITED'],
    ['DDoSProtection', 403, 'EXCHANGE_RATE_LIMITED'],
    ['ExchangeError', 429, 'EXCHANGE_RATE_LIMITED'],
    ['ExchangeNotAvailable', 418, 'EXCHANGE_RATE_LIMITED'],
    ['RequestTimeout', 504, 'EXCHANGE_TIMEOUT'],
    ['OnMaintenance', 200, 'EXCHANGE_UNAVAILABLE'],
    ['NullResponse', 200, 'EXCHANGE_UNAVAILABLE'],
    ['ExchangeError', 503, 'EXCHANGE_UNAVAILABLE'],
    ['ExchangeError', 200, 'EXCHANGE_UNAVAILABLE'],
    ['ExchangeError', 400, 'EXCHANGE_BAD_REQUEST'],
  ])('%s with HTTP %s is %s', (name, status, code) => {
    expect(translate(ccxtError(name), status)).toMatchObject({ code, message: `kraken said ${name}` });
  });

  it.each([
    [new TypeError('fetch failed'), 'EXCHANGE_UNAVAILABLE'],
    [Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }), 'EXCHANGE_UNAVAILABLE'],
    [new DOMException('aborted', 'AbortError'), 'EXCHANGE_TIMEOUT'],
    ['a string', 'EXCHANGE_UNAVAILABLE'],
    [undefined, 'EXCHANGE_UNAVAILABLE'],
  ])('%s is %s', (thrown, code) => {
    const error = translate(thrown);
    expect(error).toMatchObject({ code, retryAfterMs: undefined });
    expect(error.message).toMatch(/^kraken /);
  });

  it('passes on how long to wait when the exchange is overloaded', () => {
    expect(translate(ccxtError('ExchangeError'), 503, { 'retry-after': '2' }).retryAfterMs).toBe(2000);
  });

  it('leaves our own errors as they are', () => {
    const error = new ExchangeError('EXCHANGE_BAD_SYMBOL', 'none');
    expect(translate(error, 500)).toBe(error);
  });
});
