import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until } from '../support/fixtures/until.js';
import { candlesPath, type SeriesBody } from '../support/service-data.js';
import { ServiceProcess } from '../support/service-process.js';
import { startApp } from '../support/fault/running-app.js';
import { mountSmallDisk, whyNoDisk } from '../support/fault/small-disk.js';
import { allCandles, expectKept, expectWhole } from '../support/fault/whole-candles.js';

const MIB = 1024 * 1024;
const DISK_MIB = 32;
/** Far more than the space beside the ballast holds, and far less than that without it. */
const DAYS = 10;
const MINUTES = DAYS * 24 * 60;
const MARKETS = ['BTC/USDT', 'ETH/USDT', 'SOL/USDT', 'DOGE/USDT'];
const ENVIRONMENT = {
  CRYPTOFLOW_MARKETS: MARKETS.map((symbol) => `simulator:${symbol}@1m`).join(' '),
  CRYPTOFLOW_BACKFILL: `${DAYS}d`,
};
const READS = [
  candlesPath({ exchange: 'simulator', symbol: 'BTC/USDT', interval: '1m', limit: 1000 }),
  '/api/v1/series',
  '/api/v1/series/1/coverage',
  '/api/health/ready',
];

/** Whether every series reaches back as far as it shall, within the minute or two that the test takes. */
const complete = (series: readonly SeriesBody[]) =>
  series.length === MARKETS.length && series.every(({ count }) => count >= MINUTES - 5);

const noDisk = whyNoDisk();

it.skipIf(noDisk !== null)(
  `a disk that is full: reads go on, and collecting does once there is space (${noDisk ?? 'a tmpfs'})`,
  async () => {
    const disk = mountSmallDisk(DISK_MIB);
    const ballast = join(disk, 'ballast');
    writeFileSync(ballast, Buffer.alloc((DISK_MIB - 5) * MIB));
    const file = join(disk, 'small.db');
    const environment = { ...ENVIRONMENT, DATABASE_URL: `sqlite:${file}` };
    const service = await ServiceProcess.start({ environment });

    const { details, status } = await service.poll('/api/health', ({ body }) => {
      return body.details.database.writer.state === 'degraded' && body;
    });
    expect([status, details.database.status]).toEqual(['degraded', 'degraded']);
    expect(details.database.writer.code).toBe('SQLITE_FULL');
    for (const path of READS) expect((await service.get(path)).status, path).toBe(200);
    await expectWhole(file);
    const before = await allCandles(file);

    rmSync(ballast);
    await service.poll('/api/v1/series', ({ body }) => complete(body.series as SeriesBody[]), 'all candles');
    await service.poll('/api/health', ({ body }) => body.details.database.status === 'up');
    await expectKept(file, before);
    await expectWhole(file);
    expect((await service.get('/api/health')).body.details.locks.timeoutsTotal).toBe(0);
    expect(await service.stop('SIGINT')).toEqual({ code: 0, signal: null });
    await expectWhole(file);
  },
  90_000,
);

it('a database that may not grow: reads go on, collecting does once it may', async () => {
  const app = await startApp(ENVIRONMENT);
  const { database } = app;
  const seriesOf = async () => {
    const response = await fetch(`${app.url}/api/v1/series`);
    expect(response.status).toBe(200);
    return ((await response.json()) as { series: SeriesBody[] }).series;
  };
  await until(async () => (await seriesOf()).length === MARKETS.length);

  // The limit belongs to a connection, and the writer's is a new one after a failure.
  const pages = (await app.writer.query<[{ page_count: number }]>('PRAGMA page_count'))[0].page_count + 50;
  const limit = (most: number) => `PRAGMA max_page_count = ${most}`;
  const { openWriter } = Object.getPrototypeOf(database) as typeof database;
  database.openWriter = async () => {
    const connection = await openWriter.call(database);
    await connection.all(limit(pages));
    return connection;
  };
  await app.writer.query(limit(pages));

  await until(() => database.health.state.state === 'degraded');
  expect(database.health.state.code).toBe('SQLITE_FULL');
  for (const path of READS) expect((await fetch(app.url + path)).status, path).toBe(200);
  await expectWhole(app.file);
  const before = await allCandles(app.file);

  database.openWriter = openWriter;
  await app.writer.query(limit(1_000_000));
  await until(async () => complete(await seriesOf()));
  expect(database.health.state.state).toBe('ok');
  await expectKept(app.file, before);
  await expectWhole(app.file);
}, 60_000);
