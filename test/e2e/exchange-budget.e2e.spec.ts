import { beforeEach, describe, expect, it, vi } from 'vitest';
import { atEnd } from '../support/at-end.js';
import { BinanceServer, rateLimited, type Fault } from '../support/binance-server.js';
import { generateCandles } from '../support/candle-files.js';
import { readMetrics } from '../support/metrics.js';
import { MINUTE, queryFile } from '../support/service-data.js';
import { eventually, ServiceProcess, WARN } from '../support/service-process.js';

// Processes are started, killed and started again, and each waits out what it was told.
vi.setConfig({ testTimeout: 120_000 });

const HISTORY = 5000;
const SYMBOLS = ['BTC/USDT', 'ETH/USDT', 'SOL/USDT', 'XRP/USDT'];

let server: BinanceServer;
let environment: Record<string, string>;

beforeEach(async () => {
  const from = Math.floor(Date.now() / MINUTE) * MINUTE - HISTORY * MINUTE;
  const candles = generateCandles({ from, count: HISTORY + 30 });
  server = await BinanceServer.start({ markets: SYMBOLS.map((symbol) => ({ symbol, candles })) });
  atEnd(() => server.close());
  environment = {
    CRYPTOFLOW_MARKETS: SYMBOLS.map((symbol) => `binance:${symbol}@1m`).join(' '),
    CRYPTOFLOW_BACKFILL: new Date(from).toISOString(),
    CRYPTOFLOW_EXCHANGES: server.urls(),
  };
});

const rowOf = async (service: ServiceProcess) => {
  const rows = await queryFile(service.database, 'SELECT * FROM exchange_budget').catch(() => []);
  return rows[0] as { blocked_until: number; reason: string; strikes: number } | undefined;
};

const exchangesOf = async (service: ServiceProcess) =>
  (await service.get('/api/health')).body.details.collector.exchanges as Array<Record<string, any>>;

const stored = async (service: ServiceProcess, exchange = 'binance') => {
  const { body } = await service.get('/api/v1/series');
  const series = body.series as Array<{ exchange: string; count: number }>;
  return series.filter((one) => one.exchange === exchange).reduce((sum, { count }) => sum + count, 0);
};

/** Answers as it should once `release` is called, and until then with the fault. */
function faultUntilReleased(fault: Fault): { hits: number[]; release: () => void } {
  const hits: number[] = [];
  server.fault = ({ time }) => {
    hits.push(time);
    return fault;
  };
  return { hits, release: () => (server.fault = undefined) };
}

/** What was complained of that concerns the exchanges: a busy machine may make it complain of slow reads. */
const complaintsOf = (service: ServiceProcess) =>
  service.complaints.filter(({ event }) => /^(exchange|collector)\./.test(event));

const requestsWithin = (from: number, to: number) =>
  server.requests.filter(({ time }) => time >= from && time < to).length;

describe('an IP ban that is renewed by whoever does not know of it (freqtrade 7865, ccxt 14639)', () => {
  it('429: two collectors on one database both wait as long as the exchange asks', async () => {
    const first = await ServiceProcess.start({ environment });
    const second = await ServiceProcess.start({ environment, directory: first.directory });
    const both = [first, second];
    await Promise.all(
      both.map((service) =>
        service.poll('/api/health', ({ body }) =>
          body.details.collector.workers.some(({ held }: { held: boolean }) => held),
        ),
      ),
    );
    const { hits, release } = faultUntilReleased(rateLimited(6));
    const row = await eventually('the refusal to be written down', async () => {
      const found = await rowOf(first);
      return found && found.blocked_until > Date.now() && found;
    });
    expect(row).toMatchObject({ reason: 'rate-limited', strikes: 1 });
    for (const service of both) {
      await service.poll('/api/health', ({ body }) => body.details.collector.exchanges[0]?.blocked !== null);
    }
    // All that was on its way before the others knew has had a second to arrive.
    const quiet = hits[0]! + 1000;
    release();
    const more = await eventually('the first request afterwards', () =>
      server.requests.find(({ time }) => time >= Math.max(row.blocked_until - 100, quiet)),
    );
    expect(requestsWithin(quiet, hits[0]! + 6000)).toBe(0);
    expect(more.time).toBeGreaterThanOrEqual(hits[0]! + 6000);
    await eventually('all candles', async () => (await stored(first)) >= SYMBOLS.length * HISTORY);

    // Each collector that heard it says so once, and no series does.
    const complaints = both.flatMap(complaintsOf);
    expect(complaints.every(({ event }) => event === 'exchange.blocked')).toBe(true);
    expect(complaints.length).toBeGreaterThanOrEqual(1);
    expect(complaints.length).toBeLessThanOrEqual(2);
  });

  it('418: a collector that is killed as soon as it goes on does not ask before the ban is over', async () => {
    const { hits, release } = faultUntilReleased(rateLimited(15, 418)); // longer than a start takes
    const before = await ServiceProcess.start({ environment: { ...environment, LOG_LEVEL: 'debug' } });
    await before.until('the first to go on', () =>
      before.log.some(({ event }) => /^collector\.(task|markets)\.failed$/.test(event)),
    );
    await before.kill();
    const banned = (await rowOf(before))!;
    expect(banned.reason).toBe('banned');
    expect(banned.blocked_until).toBeGreaterThanOrEqual(hits[0]! + 15_000);
    const asked = server.requests.length;
    release();

    const after = await ServiceProcess.start({ environment, directory: before.directory });
    const [binance] = await after.poll(
      '/api/health',
      ({ body }) => body.details.collector.exchanges.length > 0 && body.details.collector.exchanges,
    );
    expect(binance).toMatchObject({ exchange: 'binance', blocked: { reason: 'banned', strikes: 1 } });
    const next = await after.until('the first request', () => server.requests[asked]);
    expect(next.time).toBeGreaterThanOrEqual(banned.blocked_until);
    await after.until('candles', async () => (await stored(after)) > 0);
    expect(complaintsOf(after)).toEqual([]);
  });
});

it('418 without a Retry-After: asked again after minutes, not after seconds', async () => {
  faultUntilReleased(rateLimited(null, 418));
  const service = await ServiceProcess.start({ environment });
  const { blocked_until } = await eventually('the ban to be written down', async () => rowOf(service));
  expect(blocked_until - Date.now()).toBeGreaterThan(4 * MINUTE);
  const { value } = readMetrics((await service.get('/metrics')).text);
  expect(value('cryptoflow_exchange_blocked_seconds', { exchange: 'binance' })).toBeGreaterThan(240);
});

it('a quota that is nearly used up is left to what is urgent, and bulk work goes on in the next minute', async () => {
  // The exchange's minute has 25 seconds left. By 85 % history waits; the forming candle and the sync do not.
  server.clockOffset = (95_000 - (Date.now() % MINUTE)) % MINUTE;
  server.usedWeight = 5100;
  const service = await ServiceProcess.start({ environment });
  const [binance] = await service.poll(
    '/api/health',
    ({ body }) => body.details.collector.exchanges[0]?.quotaUsed > 0.8 && body.details.collector.exchanges,
  );
  expect(binance).toMatchObject({ state: 'closed', blocked: null, quotaUsed: 0.85 });
  await service.until('the forming candles to be refreshed', () => {
    const { startTime } = server.requests.at(-1)!.query;
    return (
      Number(startTime) === Math.floor(Date.now() / MINUTE) * MINUTE && server.klineRequests().length > 12
    );
  });
  const minuteOf = (time: number) => Math.floor((time + server.clockOffset) / MINUTE);
  const minute = minuteOf(Date.now());
  const history = server
    .klineRequests()
    .filter(({ query, time }) => Number(query['limit']) > 500 && minuteOf(time) === minute);
  // Of each series sync's own page, and what was on its way before the first answer.
  expect(history.length).toBeLessThanOrEqual(SYMBOLS.length + 4);
  const { samples } = readMetrics((await service.get('/metrics')).text);
  const heldBack = samples.find(({ labels }) => labels['outcome'] === 'EXCHANGE_HELD_BACK');
  expect(heldBack!.value).toBeGreaterThan(0);

  server.usedWeight = undefined;
  await service.until('the next minute', () => minuteOf(Date.now()) > minute);
  await service.until('all candles', async () => (await stored(service)) >= SYMBOLS.length * HISTORY);
  expect(complaintsOf(service)).toEqual([]);
});

it('an outage of one exchange: its breaker opens and closes again, the log stays quiet, the others go on', async () => {
  const { hits, release } = faultUntilReleased('reset');
  const service = await ServiceProcess.start({
    environment: {
      ...environment,
      CRYPTOFLOW_MARKETS: `${environment['CRYPTOFLOW_MARKETS']} simulator:BTC/USDT@1m`,
    },
  });
  const down = await service.poll('/api/health', ({ body }) =>
    body.details.collector.exchanges.find(
      ({ exchange, state }: Record<string, string>) => exchange === 'binance' && state !== 'closed',
    ),
  );
  expect(down).toMatchObject({ lastError: 'EXCHANGE_UNAVAILABLE', blocked: null });
  expect(down['nextAttempt']).toBeGreaterThan(0);
  const opened = hits.length;
  await service.until('candles of the simulator', async () => (await stored(service, 'simulator')) > 1000);
  const simulator = (await exchangesOf(service)).find(({ exchange }) => exchange === 'simulator');
  expect(simulator).toMatchObject({ state: 'closed', lastError: null });
  // One probe, and no more: the other series wait for what comes of it.
  await service.until('a probe', () => hits.length > opened);
  await service.until('the breaker to open again', () => service.events('exchange.breaker').length >= 3);
  expect(hits.length).toBe(opened + 1);
  expect(service.events('exchange.breaker').map(({ state }) => state)).toEqual(['open', 'half-open', 'open']);
  expect(service.events('collector.task.failed').filter(({ level }) => level >= WARN).length).toBeLessThan(
    10,
  );

  release();
  await service.until('the breaker to close', () =>
    service.events('exchange.breaker').some(({ state }) => state === 'closed'),
  );
  await service.until('candles', async () => (await stored(service)) > 0);
  const { value } = readMetrics((await service.get('/metrics')).text);
  expect(value('cryptoflow_exchange_breaker_state', { exchange: 'binance', state: 'closed' })).toBe(1);
  expect(value('cryptoflow_exchange_breaker_state', { exchange: 'binance', state: 'open' })).toBe(0);
});
