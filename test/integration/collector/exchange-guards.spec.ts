import { onTestFinished, expect, it } from 'vitest';
import type { ExchangeGuards } from '../../../src/collector/budget/exchange-guards.js';
import { SystemClock, type Clock } from '../../../src/common/clock.js';
import { CcxtClient } from '../../../src/exchanges/ccxt/ccxt.client.js';
import { ExchangeError } from '../../../src/exchanges/exchange-errors.js';
import { guarded } from '../../../src/exchanges/guarded-client.js';
import { BinanceServer, rateLimited } from '../../support/binance-server.js';
import { openTestDatabase } from '../../support/database.js';
import { openTestGuards } from '../../support/exchange-guards.js';
import { ManualClock } from '../../support/fixtures/manual-clock.js';
import { ScriptedExchange } from '../../support/fixtures/scripted-exchange.js';
import { gate, until } from '../../support/fixtures/until.js';

const MINUTE = 60_000;
const FROM = Date.UTC(2024, 0, 1);
const WINDOW = { interval: '1m', from: FROM, to: FROM + 5 * MINUTE } as const;

async function openGuards(clock: Clock = new ManualClock(FROM + 10 * MINUTE)) {
  const test = await openTestDatabase();
  const own = openTestGuards(test, clock);
  const exchange = new ScriptedExchange(() => clock.now());
  const client = guarded(exchange, own.guards);
  const ask = (symbol = 'A/B') => client.fetchCandles({ symbol, ...WINDOW });
  const failure = (symbol?: string) =>
    ask(symbol).then(
      () => 'answered',
      (error: unknown) => (error as ExchangeError).code,
    );
  return { test, clock: clock as ManualClock, exchange, client, ask, failure, ...own };
}

async function binance(guards: ExchangeGuards, clock: Clock, options = {}) {
  const server = await BinanceServer.start({ markets: [{ symbol: 'BTC/USDT', candles: [] }] });
  const client = new CcxtClient(
    'binance',
    { ...server.exchangeOptions().binance, ...options },
    clock,
    guards,
  );
  onTestFinished(async () => {
    await client.close();
    await server.close();
  });
  return { server, client: guarded(client, guards) };
}

it('a refusal that one process hears holds all back, also one that is started later', async () => {
  const { test, clock, budgets } = await openGuards();
  const other = openTestGuards(test, clock);
  expect(await other.budgets.hold('x', true)).toBeNull();
  budgets.refused('x', { reason: 'banned', retryAfterMs: 300_000 });
  expect(await budgets.hold('x', true)).toMatchObject({ reason: 'banned' });
  await budgets.written('x');

  const later = openTestGuards(test, clock);
  expect(await later.budgets.hold('x', true)).toEqual({ reason: 'banned', ms: 301_000 });
  clock.advance(100);
  expect(await other.budgets.hold('x', true)).toEqual({ reason: 'banned', ms: 300_900 });
  expect(await other.budgets.hold('y', true)).toBeNull();
  clock.advance(300_900);
  expect(await other.budgets.hold('x', false)).toBeNull();
});

it('a refusal is written down before whoever has heard it goes on: killed then, nobody renews a ban', async () => {
  const { test, clock, exchange, failure, log } = await openGuards();
  exchange.script = () => {
    throw new ExchangeError('EXCHANGE_RATE_LIMITED', 'banned', { retryAfterMs: 300_000 });
  };
  const busy = gate();
  onTestFinished(() => busy.open());
  const writing = test.writer.transaction(() => busy.opened);
  let wentOn = false;
  const asked = failure().finally(() => (wentOn = true));
  await until(() => log.named('exchange.blocked').length === 1);
  // By then nothing but the write is left to wait for.
  await new Promise(setImmediate);
  expect(wentOn).toBe(false);
  busy.open();
  await writing;
  expect(await asked).toBe('EXCHANGE_HELD_BACK');
  expect(await openTestGuards(test, clock).budgets.hold('scripted', true)).toMatchObject({ ms: 301_000 });
});

it('a refusal that could not be written still holds, and is written when that is possible again', async () => {
  const { test, clock, budgets, log } = await openGuards();
  await test.writer.query('ALTER TABLE exchange_budget RENAME TO elsewhere');
  budgets.refused('x', { reason: 'banned', retryAfterMs: 60_000 });
  // Too soon after that for a write of its own.
  budgets.used('x', { used: 4000, limit: 6000, resetsInMs: 30_000 });
  await budgets.written('x');
  clock.advance(1000);
  await budgets.written('x');
  expect(log.named('exchange.budget.unwritten')).toHaveLength(1);
  await test.writer.query('ALTER TABLE elsewhere RENAME TO exchange_budget');
  expect(await budgets.hold('x', true)).toMatchObject({ reason: 'banned' });
  clock.advance(1000);
  await budgets.written('x');
  expect(await test.reader.query('SELECT exchange, reason, used FROM exchange_budget')).toEqual([
    { exchange: 'x', reason: 'banned', used: 4000 },
  ]);
});

it('a ban of one address holds nobody back who asks from another', async () => {
  const test = await openTestDatabase();
  const clock = new ManualClock();
  const from = (httpsProxy?: string) =>
    openTestGuards(test, clock, { options: httpsProxy === undefined ? {} : { x: { httpsProxy } } }).budgets;
  const banned = from('http://me:secret@proxy.example:3128');
  banned.refused('x', { reason: 'banned', retryAfterMs: 300_000 });
  await banned.written('x');
  expect(await from('http://you:other@proxy.example:3128').hold('x', true)).toMatchObject({ ms: 301_000 });
  expect(await from('http://elsewhere.example:3128').hold('x', true)).toBeNull();
  expect(await from().hold('x', true)).toBeNull();
  expect(await test.reader.query('SELECT address FROM exchange_budget')).toEqual([
    { address: 'proxy.example:3128' },
  ]);
});

it('an exchange client of your own that says "too many" is asked no more until it said', async () => {
  const { clock, exchange, failure, log } = await openGuards();
  exchange.script = () => {
    throw new ExchangeError('EXCHANGE_RATE_LIMITED', 'slow down', { retryAfterMs: 20_000 });
  };
  expect([await failure(), await failure()]).toEqual(['EXCHANGE_HELD_BACK', 'EXCHANGE_HELD_BACK']);
  expect(exchange.requests).toHaveLength(1);
  expect(log.named('exchange.blocked')).toHaveLength(1);
  exchange.script = () => undefined;
  clock.advance(21_000);
  expect(await failure()).toBe('answered');
});

it('requests that wait for their turn in ccxt are not sent once the exchange has refused', async () => {
  const clock = new SystemClock();
  const { guards } = await openGuards(clock);
  const { server, client } = await binance(guards, clock, { rateLimit: 2000 });
  await client.markets();
  server.fault = () => rateLimited(60);
  const asked = Array.from({ length: 4 }, () => client.fetchCandles({ symbol: 'BTC/USDT', ...WINDOW }));
  const ends = await Promise.allSettled(asked);
  expect(ends.map((end) => (end as PromiseRejectedResult).reason.code)).toEqual(
    Array.from({ length: 4 }, () => 'EXCHANGE_HELD_BACK'),
  );
  expect(server.klineRequests()).toHaveLength(1);
}, 90_000);

it('several processes behind one address ask as often as one', async () => {
  const clock = new SystemClock();
  const { test, guards } = await openGuards(clock);
  test.database.queue.expectCompany(3);
  const { server, client } = await binance(guards, clock, { rateLimit: 200 });
  await client.markets();
  const candles = () => client.fetchCandles({ symbol: 'BTC/USDT', ...WINDOW });
  await candles();
  const start = clock.now();
  for (let n = 0; n < 8; n += 1) await candles();
  // A page costs 0.4 of ccxt's units: 80 ms for one process alone, 320 for each of four. ccxt lets at most three pass at
  // once after a pause. Timers may be late, never early.
  expect(server.klineRequests().at(-1)!.time - start).toBeGreaterThan(1200);
});

it('a bad symbol is no failure of the exchange, and a timeout is', async () => {
  const { exchange, failure, guards, clock, ask } = await openGuards();
  const fail = (code: 'EXCHANGE_BAD_SYMBOL' | 'EXCHANGE_TIMEOUT') => {
    exchange.script = () => {
      throw new ExchangeError(code, 'no');
    };
  };
  fail('EXCHANGE_BAD_SYMBOL');
  for (let n = 0; n < 10; n += 1) expect(await failure()).toBe('EXCHANGE_BAD_SYMBOL');
  fail('EXCHANGE_TIMEOUT');
  for (let n = 0; n < 5; n += 1) expect(await failure()).toBe('EXCHANGE_TIMEOUT');
  expect(await failure()).toBe('EXCHANGE_HELD_BACK');
  expect(exchange.requests).toHaveLength(15);
  const [status] = await guards.status();
  expect(status).toMatchObject({ exchange: 'scripted', state: 'open', lastError: 'EXCHANGE_TIMEOUT' });
  exchange.script = () => undefined;
  clock.advance(10_000);
  await ask();
  expect((await guards.status())[0]).toMatchObject({ state: 'closed', nextAttempt: null });
});

it('one market that is broken does not hold back the others, and two that fail do', async () => {
  const { exchange, failure, guards } = await openGuards();
  const broken = new Set(['A/B']);
  exchange.script = ({ symbol }) => {
    if (broken.has(symbol)) throw new ExchangeError('EXCHANGE_UNAVAILABLE', 'HTTP 500');
  };
  expect(await failure('C/D')).toBe('answered');
  for (let n = 0; n < 20; n += 1) expect(await failure('A/B')).toBe('EXCHANGE_UNAVAILABLE');
  expect((await guards.status())[0]).toMatchObject({ state: 'closed', nextAttempt: null });
  expect(await failure('C/D')).toBe('answered');
  for (let n = 0; n < 4; n += 1) expect(await failure('A/B')).toBe('EXCHANGE_UNAVAILABLE');
  broken.add('C/D');
  expect(await failure('C/D')).toBe('EXCHANGE_UNAVAILABLE');
  expect([await failure('A/B'), await failure('C/D')]).toEqual(['EXCHANGE_HELD_BACK', 'EXCHANGE_HELD_BACK']);
  expect((await guards.status())[0]).toMatchObject({ state: 'open', lastError: 'EXCHANGE_UNAVAILABLE' });
});

it('one request that many wait for and that fails is one failure, and is complained of once', async () => {
  const { exchange, client, guards } = await openGuards();
  const error = new ExchangeError('EXCHANGE_UNAVAILABLE', 'down');
  exchange.markets = () => Promise.reject(error);
  const ends = await Promise.allSettled(Array.from({ length: 100 }, () => client.markets()));
  const codes = ends.map((end) => (end as PromiseRejectedResult).reason.code as string);
  expect(codes.filter((code) => code !== 'EXCHANGE_HELD_BACK')).toEqual(['EXCHANGE_UNAVAILABLE']);
  expect((await guards.status())[0]).toMatchObject({ state: 'closed' });
});

it('an aborted probe lets another try', async () => {
  const { exchange, client, failure, clock, guards } = await openGuards();
  exchange.script = () => {
    throw new ExchangeError('EXCHANGE_UNAVAILABLE', 'down');
  };
  for (let n = 0; n < 5; n += 1) await failure();
  clock.advance(10_000);
  const stop = new AbortController();
  exchange.script = ({ signal }) =>
    new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason as Error)));
  const probe = client.fetchCandles({ symbol: 'A/B', ...WINDOW, signal: stop.signal }).catch(() => 'aborted');
  await until(() => exchange.requests.length === 6);
  expect(await failure()).toBe('EXCHANGE_HELD_BACK');
  stop.abort(new Error('stop'));
  expect(await probe).toBe('aborted');
  exchange.script = () => undefined;
  expect(await failure()).toBe('answered');
  expect((await guards.status())[0]).toMatchObject({ state: 'closed' });
});
