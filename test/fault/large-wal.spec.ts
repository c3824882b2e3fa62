import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readlinkSync, rmSync, statfsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { atEnd, workDirectory } from '../support/at-end.js';
import type { SeriesBody } from '../support/service-data.js';
import { ServiceProcess } from '../support/service-process.js';
import { beginRecovery } from '../support/fault/wal-recovery.js';
import { expectWhole } from '../support/fault/whole-candles.js';

const SCRIPT = resolve('test/support/fault/wal-filler.mjs');
const MIB = 1024 * 1024;
const WAL_MIB = 500;
/** What is left of the file of a WAL that starts over: `journal_size_limit`. */
const KEPT_MIB = 64;
const MARKETS = { CRYPTOFLOW_MARKETS: 'simulator:BTC/USDT@1m', CRYPTOFLOW_BACKFILL: '3h' };

/** In memory where there is room: what is written here, twice over, would keep a slow disk busy for long. */
function fastDirectory(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    if (bavail * bsize < 4 * WAL_MIB * MIB) return workDirectory();
  } catch {
    return workDirectory(); // no Linux
  }
  const directory = mkdtempSync('/dev/shm/cryptoflow-');
  atEnd(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function hasOpen(pid: number, file: string): boolean {
  const descriptors = readdirSync(`/proc/${pid}/fd`);
  return descriptors.some((descriptor) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${descriptor}`) === file;
    } catch {
      return false; // closed in the meantime
    }
  });
}

/** Fills the WAL and dies by SIGKILL, so that nobody has moved it into the file. */
async function leaveWal(file: string): Promise<void> {
  const child = spawn(process.execPath, [SCRIPT, file, String(WAL_MIB)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  atEnd(() => child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), exited]);
  child.kill('SIGKILL');
  await exited;
  expect(statSync(`${file}-wal`).size).toBeGreaterThanOrEqual(WAL_MIB * MIB);
}

it.skipIf(process.platform !== 'linux')(
  `several processes start at once on a WAL of ${WAL_MIB} MiB that a kill left, and none meets an error`,
  async () => {
    const file = join(fastDirectory(), 'large.db');
    const environment = { ...MARKETS, DATABASE_URL: `sqlite:${file}` };
    const spawnRole = (role: string) =>
      ServiceProcess.spawn({ environment: { ...environment, CRYPTOFLOW_ROLE: role } });
    const first = spawnRole('all');
    await first.event('service.ready');
    await first.poll('/api/v1/series', ({ body }) => ((body.series as SeriesBody[])[0]?.count ?? 0) >= 170);
    await first.kill();
    await leaveWal(file);

    // All of them meet a recovery that is going on, and then, at the same moment, one that is still to be done.
    const endRecovery = await beginRecovery(file);
    const [all, api, collector] = [spawnRole('all'), spawnRole('api'), spawnRole('collector')];
    const processes = [all, api, collector];
    for (const service of processes) await service.until('the open file', () => hasOpen(service.pid, file));
    await endRecovery();
    for (const service of processes) await service.event('service.ready');
    for (const service of [all, api]) {
      const { status, body } = await service.get('/api/v1/series');
      expect(status).toBe(200);
      expect((body.series as SeriesBody[])[0]!.count).toBeGreaterThanOrEqual(170);
    }
    // The WAL is moved into the file, starts over, and is cut back; readers are answered meanwhile.
    await all.until('a small WAL', async () => {
      for (const service of [all, api]) expect((await service.get('/api/v1/series')).status).toBe(200);
      return statSync(`${file}-wal`).size <= KEPT_MIB * MIB;
    });
    for (const service of processes) {
      const { details } = (await service.get('/api/health')).body;
      expect(details.locks.timeoutsTotal).toBe(0);
      expect(details.database.busy.unexpected).toBe(0);
      // Two that checkpoint at once may meet.
      expect(service.complaints.filter(({ event }) => event !== 'database.wal.held')).toEqual([]);
    }
    await expectWhole(file);
  },
  120_000,
);
