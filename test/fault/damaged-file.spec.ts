import { cpSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { workDirectory } from '../support/at-end.js';
import { candlesPath, MINUTE, queryFile, readPage, type SeriesBody } from '../support/service-data.js';
import { ServiceProcess } from '../support/service-process.js';
import { damagePage, leafOf, rootPage } from '../support/fault/damage.js';

const DAYS = 3;
const MINUTES = DAYS * 24 * 60;
const PAGE = 100;
const ENVIRONMENT = { CRYPTOFLOW_MARKETS: 'simulator:BTC/USDT@1m', CRYPTOFLOW_BACKFILL: `${DAYS}d` };
const MARKET = { exchange: 'simulator', symbol: 'BTC/USDT', interval: '1m', limit: PAGE };

let collected: { directory: string; file: string };

/** A file with all candles in it and an empty WAL. */
beforeAll(async () => {
  const service = await ServiceProcess.start({ environment: ENVIRONMENT });
  await service.poll('/api/v1/series', ({ body }) => {
    const [kept] = body.series as SeriesBody[];
    return kept !== undefined && kept.count >= MINUTES - 5;
  });
  await service.stop('SIGINT');
  collected = { directory: service.directory, file: service.database };
});

/** @returns the directory of a service with that file, and the file */
function copyCollected(): typeof collected {
  const directory = workDirectory();
  cpSync(collected.directory, directory, { recursive: true });
  return { directory, file: resolve(directory, relative(collected.directory, collected.file)) };
}

/** The first minute from then on at which no candle of a higher interval opens: its open time is in one leaf alone. */
const minuteOfNoRollup = (from: number) => Math.ceil(from / (15 * MINUTE)) * 15 * MINUTE + MINUTE;

/** What must hold once the damage has been found: it is said, nothing more is written, the rest is read. */
async function expectStopped(service: ServiceProcess): Promise<void> {
  const { status, details } = await service.poll('/api/health', ({ body }) => {
    return body.details.database.writer.state === 'stopped' && body;
  });
  expect([status, details.database.status]).toEqual(['degraded', 'degraded']);
  expect(details.database.writer.code).toBe('SQLITE_CORRUPT');
  expect(service.events('database.writer.state')).toMatchObject([
    { state: 'stopped', code: 'SQLITE_CORRUPT' },
  ]);

  const forming = () => queryFile(service.database, 'SELECT updated_at FROM forming_candle');
  const before = await forming();
  await service.until('a write that is refused', () =>
    service.complaints.some(({ error }) => (error as { code?: string })?.code === 'DATABASE_DAMAGED'),
  );
  expect(await forming()).toEqual(before);
  const newest = await service.get(candlesPath(MARKET));
  expect(newest.status).toBe(200);
  expect(readPage(newest.text).candles).toHaveLength(PAGE);
  for (const path of ['/api/v1/series', '/api/health/ready', '/api/health/live']) {
    expect((await service.get(path)).status, path).toBe(200);
  }
}

describe('a damaged page', () => {
  it('that a start meets when it writes stops the writing, and the reading goes on', async () => {
    const { directory, file } = copyCollected();
    damagePage(file, await rootPage(file, 'job_run'));
    const service = await ServiceProcess.start({ environment: ENVIRONMENT, directory });
    await expectStopped(service);
    expect(await service.stop('SIGINT')).toEqual({ code: 0, signal: null });
  });

  it('that a request meets stops the writing, and fails that request alone', async () => {
    const { directory, file } = copyCollected();
    const service = await ServiceProcess.start({ environment: ENVIRONMENT, directory });
    await service.event('service.ready');
    const [{ first }] = (await service.get('/api/v1/series')).body.series;
    const from = minuteOfNoRollup(first + 1000 * MINUTE);
    damagePage(file, leafOf(file, from));
    expect((await service.get(candlesPath({ ...MARKET, from }))).body).toMatchObject({ status: 500 });
    await expectStopped(service);
    expect(await service.stop('SIGINT')).toEqual({ code: 0, signal: null });
  });
});
