import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { checkHistory } from '../support/fault/check-history.js';
import { Fleet } from '../support/fault/fleet.js';
import { NO_LINUX } from '../support/fault/proc.js';
import { readHistory } from '../support/fault/read-history.js';
import type { WorkerProcess } from '../support/fault/worker-process.js';
import { candlesPath } from '../support/service-data.js';
import { ServiceProcess } from '../support/service-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const SERIES = 'simulator:BTC/USDT@1m';
const NEWEST = candlesPath({ exchange: 'simulator', symbol: 'BTC/USDT', interval: '1m', limit: 1000 });
/** How soon the report must name who is inside the transaction. */
const REPORTED_MS = 5000;
/** Shorter than the 10 s that a writer waits for another process. */
const STOPPED_MS = 4000;

/** Asks for candles again and again, one request after the other, until it is told to stop. */
function readContinually(service: ServiceProcess) {
  const statuses: number[] = [];
  const stop = new AbortController();
  const run = async () => {
    while (!stop.signal.aborted) statuses.push((await service.get(NEWEST)).status);
  };
  const running = run();
  return {
    statuses,
    async end() {
      stop.abort();
      await running;
    },
  };
}

async function freezeInside(fleet: Fleet): Promise<WorkerProcess> {
  for (;;) {
    const { worker, inside } = await fleet.freezeWriting(0);
    if (inside) return worker;
    worker.send('SIGCONT');
  }
}

it.skipIf(NO_LINUX)(
  'SIGSTOP inside a write transaction: writers wait and none fails, readers do not notice, health names the pid; all goes on after SIGCONT, and after SIGKILL',
  async () => {
    const file = join(temporaryDirectory(), 'inside.db');
    const fleet = new Fleet({ file, pauseMs: 5 });
    onTestFinished(() => fleet.destroy());
    for (let count = 0; count < 3; count += 1) fleet.start();
    await fleet.until('the workers', () => fleet.ready.length === 3);
    const service = await ServiceProcess.start({
      environment: { DATABASE_URL: `sqlite:${file}`, CRYPTOFLOW_MARKETS: SERIES, CRYPTOFLOW_BACKFILL: '90d' },
    });
    await service.poll(NEWEST, ({ status, body }) => status === 200 && body.candles.length === 1000);

    for (const end of ['SIGCONT', 'SIGKILL'] as const) {
      await fleet.progress(10);
      const frozen = await freezeInside(fleet);
      const since = performance.now();
      const reads = readContinually(service);
      const named = await service.poll('/api/health', ({ body }) => {
        const { lockHolders, writer } = body.details.database;
        return lockHolders.writer === frozen.pid && { writer, after: performance.now() - since };
      });
      expect(named.after).toBeLessThan(REPORTED_MS);
      const committed = fleet.acknowledged.length;
      await service.until('a stop of some seconds', () => performance.now() - since >= STOPPED_MS);
      // Nobody passes by the one that holds the lock, and the reads go on all the while.
      expect(fleet.acknowledged).toHaveLength(committed);
      const before = reads.statuses.length;
      await service.until('more reads', () => reads.statuses.length > before + 5);
      if (end === 'SIGKILL') await fleet.kill(frozen);
      else frozen.send('SIGCONT');
      await fleet.progress(10);
      await reads.end();
      expect(new Set(reads.statuses)).toEqual(new Set([200]));
    }
    await fleet.until('its leases to be taken over', () => fleet.awaited === 0);

    const { body } = await service.get('/api/health');
    expect(body.details.locks).toMatchObject({ timeoutsTotal: 0, lost: 0 });
    expect(body.details.database.busy.unexpected).toBe(0);
    expect(service.complaints).toEqual([]);
    const { workers } = fleet;
    await fleet.stop();
    for (const { reports } of workers) {
      const { statistics } = reports.find((report) => report.statistics)!;
      expect(statistics).toMatchObject({ busy: { unexpected: 0 }, timeouts: 0, locks: { lost: 0 } });
    }
    const { quickCheck, ...history } = await readHistory(file, fleet.acknowledged);
    expect(checkHistory(history)).toEqual([]);
    expect(quickCheck).toEqual([{ quick_check: 'ok' }]);
    expect(fleet.complaints).toEqual([]);
  },
  180_000,
);
