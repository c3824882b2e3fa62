import { describe, expect, it } from 'vitest';
import { openApiOverStore } from '../support/api-over-store.js';
import { BinanceServer } from '../support/binance-server.js';
import { generateCandles } from '../support/candle-files.js';
import { range, candleAt } from '../support/candles.js';
import { ServiceProcess, type Answer } from '../support/service-process.js';
import { queryFile } from '../support/service-data.js';
import { atEnd } from '../support/at-end.js';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

async function ask(
  service: ServiceProcess,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Pick<Answer, 'status' | 'body' | 'headers'>> {
  const response = await fetch(service.url + path, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const WANTED = { exchange: 'simulator', symbol: 'SOL/USDT', interval: '1m' };

describe('series', () => {
  it('are created, paused, resumed and deleted through a process that only reads otherwise', async () => {
    const { service, file, writer } = await openApiOverStore();
    const created = await ask(service, 'POST', '/api/v1/series', { ...WANTED, from: '2026-01-01' });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ ...WANTED, count: 0, state: 'active' });
    const path = created.headers.get('location')!;
    expect((await ask(service, 'GET', path)).body).toMatchObject(WANTED);
    expect((await ask(service, 'POST', '/api/v1/series', WANTED)).status).toBe(200);

    const paused = await ask(service, 'POST', `${path}/pause`);
    expect([paused.status, paused.body.state]).toEqual([200, 'paused']);
    expect((await ask(service, 'GET', '/api/v1/series?state=paused')).body.series).toHaveLength(1);
    expect((await ask(service, 'GET', '/api/v1/series?state=active')).body.series).toHaveLength(0);
    expect((await ask(service, 'POST', `${path}/resume`)).body.state).toBe('active');
    expect((await ask(service, 'POST', `${path}/backfill`, { from: '2025-01-01' })).status).toBe(202);
    expect((await ask(service, 'POST', `${path}/backfill`)).status).toBe(202);
    expect((await ask(service, 'POST', `${path}/repair`)).status).toBe(202);
    const [row] = await writer.query('SELECT * FROM series');
    expect(row).toMatchObject({ requested: 1, backfill_from: Date.UTC(2025, 0, 1) });

    const unconfirmed = await ask(service, 'DELETE', path);
    expect([unconfirmed.status, unconfirmed.body.code]).toEqual([400, 'NOT_CONFIRMED']);
    const wrong = await ask(service, 'DELETE', `${path}?confirm=simulator:BTC/USDT@1m`);
    expect(wrong.status).toBe(400);
    expect((await ask(service, 'GET', path)).status).toBe(200);
    expect((await ask(service, 'DELETE', `${path}?confirm=simulator:SOL/USDT@1m`)).status).toBe(202);
    expect((await ask(service, 'GET', path)).status).toBe(404);
    expect((await ask(service, 'GET', '/api/v1/series')).body.series).toEqual([]);
    expect((await ask(service, 'DELETE', `${path}?confirm=simulator:SOL/USDT@1m`)).status).toBe(404);

    // Its name is free at once.
    const anew = await ask(service, 'POST', '/api/v1/series', WANTED);
    expect([anew.status, anew.headers.get('location')]).toEqual([201, '/api/v1/series/2']);
    expect(await queryFile(file, 'SELECT count(*) AS n FROM series')).toEqual([{ n: 2 }]);
    expect(service.complaints).toEqual([]);
  });

  it('are not changed by what is malformed', async () => {
    const { service, writer } = await openApiOverStore();
    const bodies: unknown[] = [
      {},
      [],
      'x',
      { ...WANTED, exchange: '../x' },
      { ...WANTED, symbol: 'BTCUSDT' },
      { ...WANTED, symbol: "A/B'; DROP TABLE series" },
      { ...WANTED, interval: '7m' },
      { ...WANTED, from: 'yesterday' },
      { ...WANTED, colour: 'red' },
    ];
    for (const body of bodies) {
      const { status } = await ask(service, 'POST', '/api/v1/series', body);
      expect([body, status]).toEqual([body, 400]);
    }
    expect((await ask(service, 'POST', '/api/v1/series')).status).toBe(400);
    for (const verb of ['pause', 'resume', 'backfill', 'repair']) {
      expect((await ask(service, 'POST', `/api/v1/series/99/${verb}`)).status).toBe(404);
      expect((await ask(service, 'POST', `/api/v1/series/x/${verb}`)).status).toBe(400);
    }
    expect(await writer.query('SELECT * FROM series')).toEqual([]);
  });

  it('are for those keys that may', async () => {
    const keys = 'reads=read writes=write rules=admin';
    const { service } = await openApiOverStore({ environment: { CRYPTOFLOW_API_KEYS: keys } });
    const as = (key: string) => ({ authorization: `Bearer ${key}` });
    const post = (key: string) => ask(service, 'POST', '/api/v1/series', WANTED, as(key));
    const drop = (key: string) =>
      ask(service, 'DELETE', '/api/v1/series/1?confirm=simulator:SOL/USDT@1m', undefined, as(key));
    expect((await post('reads')).status).toBe(403);
    expect((await post('writes')).status).toBe(201);
    expect((await drop('writes')).status).toBe(403);
    expect((await ask(service, 'GET', '/api/v1/series/1', undefined, as('reads'))).status).toBe(200);
    expect((await drop('rules')).status).toBe(202);
  });

  it('are collected because they were asked for, as far back as was asked for, until they are deleted', async () => {
    const now = Date.now();
    const count = 3 * 1440;
    const from = now - (now % MINUTE) - count * MINUTE;
    const candles = generateCandles({ from, count: count + 60 });
    const server = await BinanceServer.start({
      markets: [
        { symbol: 'OLD/USDT', candles },
        { symbol: 'NEW/USDT', candles },
      ],
      trueTime: () => Date.now(),
    });
    atEnd(() => server.close());
    const service = await ServiceProcess.start({
      environment: {
        CRYPTOFLOW_MARKETS: 'binance:OLD/USDT@1m',
        CRYPTOFLOW_BACKFILL: '2h',
        CRYPTOFLOW_EXCHANGES: server.urls(),
      },
    });
    const created = await ask(service, 'POST', '/api/v1/series', {
      exchange: 'binance',
      symbol: 'NEW/USDT',
      interval: '1m',
    });
    const path = created.headers.get('location')!;
    await service.poll(path, ({ body }) => body.count >= 119 && body.missing === 0);

    const since = now - (now % DAY) - DAY;
    await ask(service, 'POST', `${path}/backfill`, { from: since });
    await service.poll(path, ({ body }) => body.first === Math.max(since, from) && body.missing === 0);

    // It stands still while it is paused.
    await ask(service, 'POST', `${path}/pause`);
    await service.poll('/api/health', ({ body }) => !JSON.stringify(body).includes('NEW/USDT'));

    await ask(service, 'DELETE', `${path}?confirm=binance:NEW/USDT@1m`);
    const left = () =>
      queryFile<{ n: number }>(
        service.database,
        `SELECT count(*) AS n FROM candle WHERE series_id = ${path.split('/').at(-1)}`,
      );
    await service.until('its rows to be gone', async () => (await left())[0]!.n === 0);
    await service.event('series.removed');
    expect((await ask(service, 'GET', '/api/v1/series')).body.series).toHaveLength(1);
    expect(service.complaints).toEqual([]);
  });

  it('that are deleted have no rows left, however many they were', async () => {
    const { hold, commit, locks, service, writer, reader } = await openApiOverStore();
    const held = await hold('x', 'A/B', '1m');
    await commit(
      held,
      range(0, 5000).map((minute) => candleAt(minute * MINUTE)),
      'backfill',
    );
    await commit(held, [candleAt(0, 1), candleAt(MINUTE)]);
    await ask(service, 'DELETE', `/api/v1/series/1?confirm=x:A/B@1m`);
    await locks.release(held.lease);
    const collector = await ServiceProcess.start({
      environment: {
        CRYPTOFLOW_ROLE: 'collector',
        DATABASE_URL: `sqlite:${reader.options.database as string}`,
        CRYPTOFLOW_MARKETS: 'simulator:BTC/USDT@1m',
        CRYPTOFLOW_BACKFILL: '10m',
      },
    });
    await collector.event('series.removed');
    for (const table of ['candle', 'rollup', 'candle_revision', 'coverage', 'forming_candle', 'quarantine']) {
      expect([table, await writer.query(`SELECT count(*) AS n FROM ${table} WHERE series_id = 1`)]).toEqual([
        table,
        [{ n: 0 }],
      ]);
    }
    expect(await writer.query('SELECT count(*) AS n FROM series WHERE id = 1')).toEqual([{ n: 0 }]);
  });
});
