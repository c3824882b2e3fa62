import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { atEnd, workDirectory } from '../support/at-end.js';
import { candlesPath } from '../support/service-data.js';
import { ServiceProcess } from '../support/service-process.js';
import { beginRecovery } from '../support/fault/wal-recovery.js';

const PROBE = resolve('test/support/fault/thread-probe.cjs');
const READERS = 4;
const LOOKS = 10;

function makeFifo(): string {
  const fifo = join(workDirectory(), 'fifo');
  expect(spawnSync('mkfifo', [fifo]).status).toBe(0);
  return fifo;
}

/** How many of `parked` openings of a FIFO come back before a call behind them, in a pool of `threads`. */
async function probePlainNode(threads: number, parked: number): Promise<number> {
  const fifo = makeFifo();
  const script = `setInterval(() => {}, 1000); process.stdout.write('ready\\n')`;
  const child = spawn(process.execPath, ['--require', PROBE, '-e', script], {
    env: { UV_THREADPOOL_SIZE: String(threads), PROBE_FIFO: fifo, PROBE_PARKED: String(parked) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  atEnd(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  child.kill('SIGUSR2');
  // Lets the openings come back where the call cannot be made before they do.
  if (parked >= threads) createWriteStream(fifo).end();
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return (JSON.parse(line.toString()) as { opened: number }).opened;
}

describe("libuv's thread pool", () => {
  it('is seen to be full by the probe used here', async () => {
    expect(await probePlainNode(4, 3)).toBe(0);
    expect(await probePlainNode(4, 4)).toBeGreaterThan(0);
  });

  it.each([
    { readers: 24, outside: undefined },
    { readers: 4, outside: '2' },
  ])(
    'has at least four threads more than $readers readers, with UV_THREADPOOL_SIZE $outside',
    async ({ readers, outside }) => {
      const service = await ServiceProcess.start({
        environment: {
          DATABASE_READERS: String(readers),
          CRYPTOFLOW_BACKFILL: '1h',
          NODE_OPTIONS: `--require=${PROBE}`,
          PROBE_FIFO: makeFifo(),
          PROBE_PARKED: String(readers + 3),
          ...(outside !== undefined && { UV_THREADPOOL_SIZE: outside }),
        },
      });
      await service.event('service.ready');
      service.send('SIGUSR2');
      expect(await service.event('probe.stat')).toMatchObject({ opened: 0 });
      // With the one that is left, the service still answers.
      expect((await service.get('/api/v1/series')).status).toBe(200);
    },
  );

  it('has threads left while every reader waits inside SQLite for the recovery of a WAL', async () => {
    const service = await ServiceProcess.start({
      environment: {
        DATABASE_READERS: String(READERS),
        CRYPTOFLOW_MARKETS: 'simulator:BTC/USDT@1m',
        CRYPTOFLOW_BACKFILL: '1h',
        NODE_OPTIONS: `--require=${PROBE}`,
        PROBE_PARKED: '0',
      },
    });
    await service.poll('/api/v1/series', ({ body }) => body.series[0]?.count > 0);
    const path = candlesPath({ exchange: 'simulator', symbol: 'BTC/USDT', interval: '1m' });
    const end = await beginRecovery(service.database);
    let answered = 0;
    const reads = Array.from({ length: READERS + 4 }, async () => {
      const { status } = await service.get(path);
      answered += 1;
      return status;
    });
    for (let look = 1; look <= LOOKS; look += 1) {
      expect((await service.get('/api/health/live')).status).toBe(200);
      service.send('SIGUSR2');
      await service.until('an fs.stat', () => service.events('probe.stat').length >= look);
    }
    expect(answered, 'reads that did not wait').toBe(0);
    await end();
    expect(await Promise.all(reads)).toEqual(reads.map(() => 200));
    expect((await service.get('/api/health')).body.details.locks.timeoutsTotal).toBe(0);
  });
});
