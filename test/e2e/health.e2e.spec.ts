import { beforeAll, describe, expect, it } from 'vitest';
import { atEnd } from '../support/at-end.js';
import { BinanceServer } from '../support/binance-server.js';
import { generateCandles } from '../support/candle-files.js';
import { MINUTE, type SeriesBody } from '../support/service-data.js';
import { ServiceProcess } from '../support/service-process.js';

interface Worker {
  readonly series: string;
  readonly held: boolean;
  readonly failures: number;
  readonly lastError: { readonly code: string; readonly message: string; readonly at: number } | null;
}

const workerOf = (body: { details: { collector: { workers: Worker[] } } }, name: string) =>
  body.details.collector.workers.find(({ series }) => series === name);

describe('a service', () => {
  let service: ServiceProcess;

  beforeAll(async () => {
    service = await ServiceProcess.start({
      environment: { CRYPTOFLOW_MARKETS: 'simulator:BTC/USDT@1m,1h', CRYPTOFLOW_BACKFILL: '2h' },
    });
  });

  it('answers the probes as Terminus does, and they may not be cached', async () => {
    await service.event('service.ready');
    for (const probe of ['live', 'ready', 'startup']) {
      const answer = await service.get(`/api/health/${probe}`);
      expect(answer.status, probe).toBe(200);
      expect(answer.headers.get('cache-control')).toContain('no-store');
      expect(Object.keys(answer.body).toSorted()).toEqual(['details', 'error', 'info', 'status']);
      expect(answer.body).toMatchObject({ status: 'ok', error: {} });
    }
    const { body } = await service.get('/api/health/ready');
    expect(body.details.database.status).toBe('up');
  });

  it('tells the lock figures, the leases, the database and the lag, and is ok when all is well', async () => {
    const body = await service.poll('/api/health', ({ status, body }) => {
      return status === 200 && body.status === 'ok' && body.details.locks.leases.length === 3 && body;
    });

    const { locks, database, collector } = body.details;
    expect(locks).toMatchObject({ timeoutsTotal: 0, timeoutsLastHour: 0, status: 'up' });
    expect(locks.leases.map(({ name }: { name: string }) => name)).toEqual([
      'collector:0',
      'series:1',
      'series:2',
    ]);
    for (const lease of locks.leases) {
      expect(lease).toMatchObject({ holder: expect.any(String), fence: expect.any(Number) });
      expect(lease.holder.split(':').at(-3)).toBe(String(service.pid));
      expect(lease.fence).toBeGreaterThanOrEqual(1);
      expect(lease.age).toBeGreaterThanOrEqual(0);
      expect(lease.age).toBeLessThan(60_000);
      expect(lease.remaining).toBeGreaterThan(0);
      expect(lease.remaining).toBeLessThanOrEqual(30_000);
    }
    expect(database).toMatchObject({
      status: 'up',
      role: 'all',
      pragmas: { writer: { journal_mode: 'wal' } },
    });

    const { body: listed } = await service.get('/api/v1/series');
    expect(collector.series.map(({ series }: { series: string }) => series)).toEqual(
      (listed.series as SeriesBody[]).map(
        ({ exchange, symbol, interval }) => `${exchange}:${symbol}@${interval}`,
      ),
    );
    for (const { series, lag } of collector.series) {
      expect(lag).toBeGreaterThanOrEqual(0);
      expect(lag).toBeLessThan((series.endsWith('@1h') ? 61 : 2) * MINUTE);
    }
    expect(service.complaints).toEqual([]);
  });
});

describe('/api/health', () => {
  it('says of an API-only process that it has no writer and no workers', async () => {
    const collector = await ServiceProcess.start({ environment: { CRYPTOFLOW_ROLE: 'collector' } });
    const { directory } = collector;
    const api = await ServiceProcess.start({ environment: { CRYPTOFLOW_ROLE: 'api' }, directory });
    const { body } = await api.get('/api/health');
    expect(body.details.database).toMatchObject({ role: 'api', writeQueue: null, pragmas: { writer: null } });
    expect(body.details.collector.workers).toBeNull();
    expect(body.details.locks).toMatchObject({ timeoutsTotal: 0, timeoutsLastHour: 0 });
    // The leases are the database's, and not this process's.
    await api.poll('/api/health', ({ body: { details } }) => {
      return details.locks.leases.some(({ holder }: { holder: string }) =>
        holder.includes(`:${collector.pid}:`),
      );
    });
  });
});

describe('an exchange that fails', () => {
  const COUNT = 300;
  const FAILING = 'binance:BTC/USDT@1m';
  let server: BinanceServer;
  let service: ServiceProcess;

  beforeAll(async () => {
    const end = Math.floor(Date.now() / MINUTE) * MINUTE;
    const candles = generateCandles({ from: end - COUNT * MINUTE, count: COUNT });
    server = await BinanceServer.start({
      markets: [{ symbol: 'BTC/USDT', candles }],
      fault: () => ({ status: 500, body: 'Internal Server Error' }),
    });
    atEnd(() => server.close());
    service = await ServiceProcess.start({
      environment: {
        CRYPTOFLOW_MARKETS: 'binance:BTC/USDT@1m simulator:BTC/USDT@1m simulator:ETH/USDT@1m',
        CRYPTOFLOW_BACKFILL: new Date(end - COUNT * MINUTE).toISOString(),
        CRYPTOFLOW_EXCHANGES: server.urls(),
      },
    });
  });

  it('degrades the service, which stays up, and its error is shown', async () => {
    const body = await service.poll('/api/health', ({ status, body }) => {
      const failing = body.details.collector.workers.some(({ failures }: Worker) => failures > 0);
      return status === 200 && failing && body;
    });
    expect(body.status).toBe('degraded');
    expect(body.details.collector.status).toBe('degraded');
    expect(body.details.collector.failing).toBe(1);
    expect(workerOf(body, FAILING)).toMatchObject({
      held: true,
      lastError: { code: 'EXCHANGE_UNAVAILABLE', message: expect.any(String), at: expect.any(Number) },
    });
    expect((await service.get('/api/health/ready')).status).toBe(200);
    expect((await service.get('/api/health/live')).status).toBe(200);
  });

  it('stops no series of another', async () => {
    const complete = (series: SeriesBody) => series.exchange === 'simulator' && series.count >= COUNT;
    await service.poll('/api/v1/series', ({ body }) => body.series.filter(complete).length === 2);
    const { body } = await service.get('/api/health');
    for (const { series, lag } of body.details.collector.series) {
      if (series === FAILING) expect(lag).toBeNull();
      else expect(lag).toBeLessThan(3 * MINUTE);
    }
    expect(body.details.collector.behind).toBe(1);
    expect(service.events('collector.task.failed').every(({ exchange }) => exchange === 'binance')).toBe(
      true,
    );
  });

  it('is collected from again when it answers again', async () => {
    server.fault = undefined;
    await service.poll('/api/v1/series', ({ body }) =>
      body.series.some(({ exchange, count }: SeriesBody) => exchange === 'binance' && count === COUNT),
    );
    const mended = await service.poll('/api/health', ({ body }) => {
      const worker = workerOf(body, FAILING);
      return worker?.failures === 0 && worker;
    });
    expect(mended.held).toBe(true);
  });
});
