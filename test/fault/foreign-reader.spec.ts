import { expect, it } from 'vitest';
import { queryFile, type SeriesBody } from '../support/service-data.js';
import { ServiceProcess } from '../support/service-process.js';
import { openForeignTransaction } from '../support/fault/foreign-transaction.js';
import { growWal } from '../support/fault/grow-wal.js';
import { LONG_BACKFILL } from '../support/fault/long-backfill.js';
import { watchWal } from '../support/fault/wal-frames.js';

const MIB = 1024 * 1024;
const SERIES = 5;

/** What backfill, live sync and the leases have done so far. */
/** Sync adds a candle a minute to each series, backfill a page at once. */
const LESS_THAN_A_PAGE = 500;

async function progress(file: string) {
  const [row] = await queryFile<{ kept: number; forming: number; renewed: number }>(
    file,
    `SELECT (SELECT sum(to_time - from_time) FROM coverage WHERE state = 'have') / 60000 AS kept,
       (SELECT min(updated_at) FROM forming_candle) AS forming,
       (SELECT renewed_at FROM job_lock WHERE name = 'collector:0') AS renewed`,
  );
  return row!;
}

it.skipIf(process.platform !== 'linux')(
  'a reader of another program that stays is named, and holds up backfill and nobody else',
  async () => {
    const environment = { ...LONG_BACKFILL, CRYPTOFLOW_LEASE_TTL: '3s' };
    const service = await ServiceProcess.start({ environment });
    const file = service.database;
    await service.poll('/api/v1/series', ({ body }) => {
      return body.series.filter(({ count }: SeriesBody) => count > 0).length === SERIES;
    });
    const wal = await watchWal(file);
    const reader = await openForeignTransaction(file, 'read');
    await growWal(file, 20);

    const held = await service.event('database.wal.held');
    expect(held['pids']).toContain(reader.pid);
    const { details, status } = await service.poll('/api/health', ({ body }) => {
      const { paused, holder } = body.details.database.writeQueue;
      return paused !== null && holder?.lane !== 'backfill' && body;
    });
    expect(details.database.wal.heldBy).toContain(reader.pid);
    expect(details.database.wal.bytes).toBeGreaterThan(24 * MIB);
    expect([status, details.database.status]).toEqual(['degraded', 'degraded']);

    // Everybody else goes on, for as long as it takes to see that they do; backfill does not.
    const before = await progress(file);
    await service.until('live commits and renewals', async () => {
      const { forming, renewed } = await progress(file);
      expect((await service.get('/api/health/ready')).status).toBe(200);
      expect((await service.get('/api/v1/series')).status).toBe(200);
      return forming > before.forming && renewed > before.renewed;
    });
    expect((await progress(file)).kept - before.kept).toBeLessThan(LESS_THAN_A_PAGE);
    expect((await service.get('/api/health')).body.details.locks.timeoutsTotal).toBe(0);

    await reader.end();
    await service.until('backfill', async () => (await progress(file)).kept > before.kept + LESS_THAN_A_PAGE);
    await service.poll(
      '/api/health',
      ({
        body: {
          details: { database },
        },
      }) => {
        return database.status === 'up' && database.wal.heldBy.length === 0 && database.wal.bytes < 24 * MIB;
      },
    );
    expect(wal.highest()).toBeLessThan(512 * MIB);
    expect(new Set(service.complaints.map(({ event }) => event))).toEqual(new Set(['database.wal.held']));
  },
  90_000,
);
