import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CcxtClient } from '../../../src/exchanges/ccxt/ccxt.client.js';
import { isCcxtExchange } from '../../../src/exchanges/ccxt/ccxt-library.js';
import type { ExchangeError } from '../../../src/exchanges/exchange-errors.js';
import { BinanceServer, rateLimited, type Fault } from '../../support/binance-server.js';
import { generateCandles } from '../../support/candle-files.js';
import { StoppedClock } from './stopped-clock.js';

const MINUTE = 60_000;
const START = Date.UTC(2024, 0, 1);
const CANDLES = generateCandles({ from: START, count: 1500 });
const NOW = CANDLES.at(-1)!.openTime + 20_000;
const SECRET = 'sEcReT/Key+0123456789';

async function failure(pending: Promise<unknown>): Promise<ExchangeError> {
  return pending.then(
    () => expect.fail('expected a failure'),
    (error: unknown) => error as ExchangeError,
  );
}

/** A fault hook that holds every request back until released. */
function gate() {
  let release: (() => void) | undefined;
  const released = new Promise<undefined>((resolve) => {
    release = () => resolve(undefined);
  });
  return { hold: () => released, release: () => release?.() };
}

describe('CcxtClient', () => {
  let server: BinanceServer;
  let client: CcxtClient;
  let clock: StoppedClock;

  function connect(options: Record<string, unknown> = {}): CcxtClient {
    return new CcxtClient(
      'binance',
      { ...server.exchangeOptions().binance, enableRateLimit: false, ...options },
      clock,
    );
  }

  beforeEach(async () => {
    clock = new StoppedClock(NOW);
    server = await BinanceServer.start({
      markets: [
        { symbol: 'BTC/USDT', candles: CANDLES },
        { symbol: 'LUNA/USDT', candles: [], status: 'BREAK' },
      ],
      now: () => clock.now(),
    });
    client = connect();
  });

  afterEach(async () => {
    await client.close();
    await server.close();
  });

  const request = { symbol: 'BTC/USDT', interval: '1m', from: START, to: START + 5 * MINUTE } as const;

  /** Answers klines, and only them, with a fault. */
  function breakKlines(fault: Fault): void {
    server.fault = ({ path }) => (path.endsWith('/klines') ? fault : undefined);
  }

  it('gives the figures as the exchange wrote them', async () => {
    const { closed } = await client.fetchCandles(request);
    expect(closed).toEqual(CANDLES.slice(0, 5));
  });

  it('lists markets, whether they trade, and the steps of their figures', async () => {
    const steps = { tickSize: '0.01', stepSize: '0.00001' };
    expect(await client.markets()).toEqual([
      { symbol: 'BTC/USDT', base: 'BTC', quote: 'USDT', active: true, ...steps },
      { symbol: 'LUNA/USDT', base: 'LUNA', quote: 'USDT', active: false, ...steps },
    ]);
  });

  it('sees a market that was listed later', async () => {
    await client.markets();
    server.setMarket({ symbol: 'NEW/USDT', candles: [] });
    expect((await client.markets()).map(({ symbol }) => symbol)).toContain('NEW/USDT');
  });

  it('asks for the markets once, however many wait, and again after a failure', async () => {
    await Promise.all([client.markets(), client.fetchCandles(request), client.fetchCandles(request)]);
    expect(server.requests.filter(({ path }) => path.endsWith('/exchangeInfo'))).toHaveLength(1);

    server.fault = () => 'reset';
    expect((await failure(client.markets())).code).toBe('EXCHANGE_UNAVAILABLE');
    server.fault = undefined;
    expect(await client.markets()).toHaveLength(2);
  });

  it('takes the page size from what ccxt knows of the exchange', async () => {
    expect(client.pageSize('BTC/USDT', '1m')).toBe(500);
    await client.markets();
    expect(client.pageSize('BTC/USDT', '1m')).toBe(1000);
    const { closed } = await client.fetchCandles({ ...request, to: NOW });
    expect(closed).toEqual(CANDLES.slice(0, 1000));
  });

  it('asks for no more candles than the window holds', async () => {
    await client.fetchCandles(request);
    expect(server.klineRequests().map(({ query }) => query)).toEqual([
      { symbol: 'BTCUSDT', interval: '1m', startTime: String(START), limit: '5' },
    ]);
  });

  it('counts an unsupported interval and an unknown symbol as final, without asking', async () => {
    const unsupported = failure(
      connect({ timeframes: { '1m': '1m', '3d': null } }).fetchCandles({ ...request, interval: '3d' }),
    );
    expect(await unsupported).toMatchObject({ code: 'EXCHANGE_BAD_REQUEST', retryable: false });
    const emulated = failure(connect({ has: { fetchOHLCV: 'emulated' } }).fetchCandles(request));
    expect(await emulated).toMatchObject({ code: 'EXCHANGE_BAD_REQUEST' });
    for (const symbol of ['BTCUSDT', 'constructor', 'XRP/USDT']) {
      expect(await failure(client.fetchCandles({ ...request, symbol }))).toMatchObject({
        code: 'EXCHANGE_BAD_SYMBOL',
      });
    }
    expect(server.klineRequests()).toEqual([]);
  });

  it('fails on first use when ccxt has no such exchange', async () => {
    for (const id of ['nonsense', '__proto__', 'Exchange']) {
      const error = await failure(new CcxtClient(id, {}, clock).markets());
      expect(error).toMatchObject({ code: 'EXCHANGE_BAD_REQUEST', retryable: false });
      expect(isCcxtExchange(id)).toBe(false);
    }
  });

  describe('what is closed', () => {
    const last = CANDLES.at(-1)!.openTime;
    const newest = { ...request, from: last - 2 * MINUTE, to: last + 10 * MINUTE };

    it('keeps apart what is still open by its own clock', async () => {
      const page = await client.fetchCandles(newest);
      expect(page).toEqual({ closed: CANDLES.slice(-3, -1), forming: CANDLES.at(-1) });
    });

    it("waits for the exchange's clock when its own is ahead", async () => {
      client = new CcxtClient(
        'binance',
        server.exchangeOptions().binance,
        new StoppedClock(last + 5 * MINUTE),
      );
      const page = await client.fetchCandles(newest);
      expect(page).toEqual({ closed: CANDLES.slice(-3, -1), forming: CANDLES.at(-1) });
    });

    it('takes an answer out of a cache for as old as it is', async () => {
      const closing = last + MINUTE;
      const body = JSON.stringify([[last, '1', '1', '1', '1', '1']]);
      clock.time = closing + 5000;
      // Kept since two seconds before the candle closed.
      breakKlines({ status: 200, headers: { age: '7' }, body });
      expect(await client.fetchCandles(newest)).toMatchObject({ closed: [], forming: { openTime: last } });
      breakKlines({ status: 200, headers: { age: '4' }, body });
      expect(await client.fetchCandles(newest)).toMatchObject({
        closed: [{ openTime: last }],
        forming: null,
      });
    });

    it("waits for its own clock when the exchange's is ahead", async () => {
      client = new CcxtClient('binance', server.exchangeOptions().binance, new StoppedClock(last - 1));
      const page = await client.fetchCandles(newest);
      expect(page).toEqual({ closed: CANDLES.slice(-3, -2), forming: CANDLES.at(-2) });
    });
  });

  describe('faults', () => {
    it.each<[string, Fault]>([
      ['a web page instead of JSON', 'html'],
      ['half of the JSON', 'truncated'],
      ['an empty body', { status: 200, body: '' }],
      ['an object where the candles should be', { status: 200, body: '{}' }],
      ['a broken exchange', { status: 500, body: '{}' }],
      [
        'an overloaded exchange',
        { status: 503, body: '{"code":-1008,"msg":"Server is currently overloaded"}' },
      ],
      ['a status that ccxt does not know', { status: 402, body: '[]' }],
      ['a connection reset', 'reset'],
      ['a connection reset in mid-answer', 'reset-in-body'],
    ])('counts %s as unavailable, for now', async (_, fault) => {
      breakKlines(fault);
      const error = await failure(client.fetchCandles(request));
      expect(error).toMatchObject({ code: 'EXCHANGE_UNAVAILABLE', retryable: true });
      server.fault = undefined;
      expect((await client.fetchCandles(request)).closed).toHaveLength(5);
    });

    it.each<Fault>([
      'html',
      'truncated',
      { status: 200, body: '' },
      { status: 200, body: '{}' },
      { status: 200, body: '{"symbols":[]}' },
    ])('never takes %o for an empty list of markets', async (fault) => {
      server.fault = () => fault;
      expect(await failure(client.markets())).toMatchObject({ code: 'EXCHANGE_UNAVAILABLE' });
      expect(await failure(client.fetchCandles(request))).toMatchObject({ code: 'EXCHANGE_UNAVAILABLE' });
      server.fault = undefined;
      expect((await client.fetchCandles(request)).closed).toHaveLength(5);
    });

    it('takes an empty list for no candles', async () => {
      breakKlines({ status: 200, body: '[]' });
      expect(await client.fetchCandles(request)).toEqual({ closed: [], forming: null });
    });

    it.each([
      ['candles without figures', `[${START},null,null,null,null,null]`, 'figure_unreadable'],
      ['words for figures', `[${START},"1","2","1","NaN","1"]`, 'figure_unreadable'],
      ['candles without a time', '[]', 'time_unreadable'],
      ['null for a candle', 'null', 'time_unreadable'],
      ['a text for a candle', '"1"', 'time_unreadable'],
    ])('sets %s aside as they were sent, and keeps the rest', async (_, row, reason) => {
      const good = CANDLES[1]!;
      const { open, high, low, close, volume } = good;
      const truth = [good.openTime, open, high, low, close, volume];
      breakKlines({ status: 200, body: `[${row},${JSON.stringify(truth)}]` });
      const { closed, rejected } = await client.fetchCandles(request);
      expect(closed).toEqual([good]);
      expect(rejected).toMatchObject([{ reason }]);
      // ccxt reads numbers as text, so as to keep their digits.
      expect(rejected![0]!.payload.replaceAll('"', '')).toBe(row.replaceAll('"', ''));
    });

    it('survives a reset in mid-answer when the answer is compressed', async () => {
      await server.close();
      server = await BinanceServer.start({ markets: [{ symbol: 'BTC/USDT', candles: CANDLES }], gzip: true });
      client = connect();
      expect((await client.fetchCandles(request)).closed).toEqual(CANDLES.slice(0, 5));
      breakKlines('reset-in-body');
      const error = await failure(client.fetchCandles({ ...request, to: NOW }));
      expect(error.code).toBe('EXCHANGE_UNAVAILABLE');
    });

    it('counts a host that nobody listens on as unavailable', async () => {
      await server.close();
      expect(await failure(client.markets())).toMatchObject({
        code: 'EXCHANGE_UNAVAILABLE',
        retryable: true,
      });
    });

    it.each([429, 418] as const)('says how long a %i asks to wait', async (status) => {
      breakKlines(rateLimited(17, status));
      expect(await failure(client.fetchCandles(request))).toMatchObject({
        code: 'EXCHANGE_RATE_LIMITED',
        retryable: true,
        retryAfterMs: 17_000,
      });
    });

    it('reads Retry-After from the answer that it belongs to', async () => {
      await client.markets();
      server.setMarket({ symbol: 'BTC/USDT', candles: CANDLES });
      server.fault = ({ query }) => rateLimited(Number(query['limit']));
      const errors = await Promise.all(
        [3, 8, 5].map((count) => failure(client.fetchCandles({ ...request, to: START + count * MINUTE }))),
      );
      expect(errors.map(({ retryAfterMs }) => retryAfterMs)).toEqual([3000, 8000, 5000]);
    });

    it('counts what the exchange refuses as final', async () => {
      breakKlines({ status: 400, body: '{"code":-1121,"msg":"Invalid symbol."}' });
      expect(await failure(client.fetchCandles(request))).toMatchObject({ code: 'EXCHANGE_BAD_SYMBOL' });
      breakKlines({ status: 400, body: '{"code":-1100,"msg":"Illegal characters"}' });
      expect(await failure(client.fetchCandles(request))).toMatchObject({ code: 'EXCHANGE_BAD_REQUEST' });
      breakKlines({
        status: 401,
        body: '{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}',
      });
      expect(await failure(client.fetchCandles(request))).toMatchObject({ code: 'EXCHANGE_AUTHENTICATION' });
    });

    it.each<Fault>(['hang', 'hang-in-body'])('gives up after the timeout: %s', async (fault) => {
      await client.close();
      client = connect({ timeout: 150 });
      await client.markets();
      breakKlines(fault);
      expect(await failure(client.fetchCandles(request))).toMatchObject({
        code: 'EXCHANGE_TIMEOUT',
        retryable: true,
      });
      await vi.waitFor(() => expect(server.klineRequests()[0]?.aborted).toBe(true));
    });
  });

  describe('cancelling', () => {
    it.each<Fault>(['hang', 'hang-in-body'])(
      'closes the request when the signal aborts: %s',
      async (fault) => {
        await client.markets();
        breakKlines(fault);
        const controller = new AbortController();
        const reason = new Error('shutting down');
        const pending = failure(client.fetchCandles({ ...request, signal: controller.signal }));
        await vi.waitFor(() => expect(server.klineRequests()).toHaveLength(1));
        controller.abort(reason);
        expect(await pending).toBe(reason);
        await vi.waitFor(() => expect(server.klineRequests()[0]?.aborted).toBe(true));
      },
    );

    it('cancels one request and leaves the others alone', async () => {
      await client.markets();
      const { hold, release } = gate();
      server.fault = hold;
      const controller = new AbortController();
      const cancelled = failure(client.fetchCandles({ ...request, signal: controller.signal }));
      const kept = client.fetchCandles(request);
      await vi.waitFor(() => expect(server.klineRequests()).toHaveLength(2));
      controller.abort(new Error('enough'));
      expect((await cancelled).message).toBe('enough');
      release();
      expect((await kept).closed).toHaveLength(5);
    });

    it('goes on loading markets for those who still wait', async () => {
      const { hold, release } = gate();
      server.fault = hold;
      const controller = new AbortController();
      const cancelled = failure(client.markets(controller.signal));
      const kept = client.markets();
      await vi.waitFor(() => expect(server.requests).toHaveLength(1));
      controller.abort(new Error('enough'));
      expect((await cancelled).message).toBe('enough');
      release();
      expect(await kept).toHaveLength(2);
      expect(server.requests).toHaveLength(1);
    });

    it('cancels loading markets when nobody waits, and loads them for the next who asks', async () => {
      server.fault = () => 'hang';
      const controller = new AbortController();
      const cancelled = failure(client.markets(controller.signal));
      await vi.waitFor(() => expect(server.requests).toHaveLength(1));
      controller.abort(new Error('enough'));
      expect((await cancelled).message).toBe('enough');
      server.fault = undefined;
      expect(await client.markets()).toHaveLength(2);
      expect(server.requests[0]?.aborted).toBe(true);
    });

    it('sends nothing when the signal aborts while the request waits for its turn', async () => {
      await client.close();
      client = connect({ enableRateLimit: true, rateLimit: 300 });
      await client.markets();
      const controller = new AbortController();
      const first = client.fetchCandles(request);
      const second = failure(client.fetchCandles({ ...request, signal: controller.signal }));
      controller.abort(new Error('enough'));
      expect((await second).message).toBe('enough');
      await first;
      expect((await client.fetchCandles(request)).closed).toHaveLength(5);
      expect(server.klineRequests()).toHaveLength(2);
    });
  });

  describe('credentials', () => {
    const credentials = { apiKey: SECRET, secret: 'another-secret-value', password: 'pass-phrase-1' };

    it('appear in no message, cause or stack', async () => {
      const { options } = server.exchangeOptions().binance;
      // With credentials and `fetchMargins`, ccxt would ask an address for markets that is not configured here.
      client = connect({ ...credentials, options: { ...options, fetchMargins: false } });
      breakKlines({
        status: 500,
        body: `echo ${SECRET} ${encodeURIComponent(SECRET)} another-secret-value pass-phrase-1 http://me:hidden@host/ ?signature=abc123`,
      });
      const error = await failure(client.fetchCandles(request));
      const cause = error.cause as Error;
      for (const text of [error.message, error.stack, cause.message, cause.stack, JSON.stringify(error)]) {
        expect(text).not.toMatch(/sEcReT|another-secret|pass-phrase|hidden|abc123/);
      }
      expect(error.message).toContain('echo [redacted]');
    });

    it('do not travel in a message that quotes the address', async () => {
      const url = server.url.replace('//', '//me:hidden@');
      client = connect({ urls: { api: { public: url } } });
      await server.close();
      const error = await failure(client.markets());
      expect(`${error.message} ${(error.cause as Error).stack}`).not.toContain('hidden');
    });

    it('leave messages short', async () => {
      breakKlines({ status: 500, body: 'x'.repeat(100_000) });
      expect((await failure(client.fetchCandles(request))).message.length).toBeLessThanOrEqual(200);
    });
  });
});
