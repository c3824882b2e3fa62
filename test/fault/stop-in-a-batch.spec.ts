import { expect, it } from 'vitest';
import { queryFile, type SeriesBody } from '../support/service-data.js';
import { ServiceProcess } from '../support/service-process.js';
import { openForeignTransaction } from '../support/fault/foreign-transaction.js';
import { LONG_BACKFILL } from '../support/fault/long-backfill.js';
import { expectWhole } from '../support/fault/whole-candles.js';

/** What the contract allows from the signal to the exit. */
const STOP_MS = 10_000;
const SERIES = 5;
const STOPS = 2;

const locks = (file: string) =>
  queryFile<{ name: string; holder: string; fence: number }>(
    file,
    `SELECT name, holder, fence FROM job_lock WHERE name NOT LIKE 'markets:%' ORDER BY name`,
  );

async function startCollecting(directory?: string): Promise<ServiceProcess> {
  const service = await ServiceProcess.start({ environment: LONG_BACKFILL, ...(directory && { directory }) });
  await service.poll('/api/v1/series', ({ body }) => {
    return body.series.filter(({ count }: SeriesBody) => count > 0).length === SERIES;
  });
  return service;
}

async function expectReleased(service: ServiceProcess): Promise<void> {
  const rows = await locks(service.database);
  expect(rows).toHaveLength(SERIES + 1);
  expect(new Set(rows.map(({ holder }) => holder))).toEqual(new Set(['']));
  expect(await queryFile(service.database, 'SELECT * FROM job_run WHERE outcome IS NULL')).toEqual([]);
  await expectWhole(service.database);
}

// What a stop between two batches looks like from outside, test/e2e/shutdown.e2e.spec.ts shows.
it('SIGTERM while a batch waits inside the writer: it is finished, 503 meanwhile, and the leases are free', async () => {
  const service = await startCollecting();
  const held = await openForeignTransaction(service.database, 'write');
  await service.poll('/api/health', ({ body }) => {
    return body.details.database.writeQueue.holder?.lane === 'backfill';
  });
  const before = await expectWhole(service.database);
  const signalled = performance.now();
  service.send('SIGTERM');
  await service.event('service.stopping');
  expect((await service.get('/api/health/ready')).status).toBe(503);
  expect((await service.get('/api/v1/series')).status).toBe(200);
  await held.end();

  expect(await service.exited, service.output).toEqual({ code: 0, signal: null });
  expect(performance.now() - signalled).toBeLessThan(STOP_MS);
  await expectReleased(service);
  const after = await expectWhole(service.database);
  for (const [symbol, count] of Object.entries(before)) expect(after[symbol]).toBeGreaterThanOrEqual(count);
  expect(service.complaints).toEqual([]);

  // Another has the leases at once, under the next fence; it need not wait for the end of their life.
  const left = await locks(service.database);
  const next = await ServiceProcess.start({ environment: LONG_BACKFILL, directory: service.directory });
  const taken = await next.until('all leases', async () => {
    const rows = await locks(service.database);
    return rows.every(({ holder }) => holder !== '') && rows;
  });
  expect(taken.map(({ fence }) => fence)).toEqual(left.map(({ fence }) => fence + 1));
  expect(next.events('lock.taken_over')).toEqual([]);
}, 60_000);

it('SIGTERM and SIGINT at full speed, again and again, leave whole batches and no lease', async () => {
  let directory: string | undefined;
  for (let stop = 0; stop < STOPS; stop += 1) {
    const service = await startCollecting(directory);
    ({ directory } = service);
    expect(await service.stop(stop % 2 === 0 ? 'SIGINT' : 'SIGTERM')).toEqual({ code: 0, signal: null });
    expect(service.complaints).toEqual([]);
    await expectReleased(service);
  }
}, 60_000);
