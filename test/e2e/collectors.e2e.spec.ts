import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { atEnd, workDirectory } from '../support/at-end.js';
import { BinanceServer } from '../support/binance-server.js';
import { generateCandles } from '../support/candle-files.js';
import {
  askedWindows,
  backfilled,
  repeatedPages,
  MINUTE,
  queryFile,
  type SeriesBody,
} from '../support/service-data.js';
import { eventually, ServiceProcess } from '../support/service-process.js';

interface LeaseBody {
  readonly name: string;
  readonly holder: string;
  readonly fence: number;
}

interface RunRow {
  readonly name: string;
  readonly slot: number;
  readonly fence: number;
  readonly started_at: number;
  readonly ended_at: number | null;
  readonly outcome: string | null;
}

/** The leases of series in `/api/health`, as `[name, pid of the holder]`. */
async function seriesLeases(service: ServiceProcess): Promise<Array<LeaseBody & { pid: number }>> {
  const { body } = await service.get('/api/health');
  return (body.details.locks.leases as LeaseBody[])
    .filter(({ name }) => name.startsWith('series:'))
    .map((lease) => ({ ...lease, pid: Number(lease.holder.split(':').at(-3)) }));
}

/** Waits until each of `processes` holds as many leases of series as the others. */
async function shared(
  api: ServiceProcess,
  processes: readonly ServiceProcess[],
  series: number,
): Promise<void> {
  await eventually(`${series} leases, dealt out evenly`, async () => {
    const leases = await seriesLeases(api);
    const each = processes.map(({ pid }) => leases.filter((lease) => lease.pid === pid).length);
    return leases.length === series && each.every((count) => count === series / processes.length);
  });
}

/** Of one series, a run under a higher fence began only when every run under a lower one had ended. */
function expectNoOverlap(runs: readonly RunRow[]): void {
  const series = new Set(runs.map(({ name }) => name.split(':')[1]));
  for (const id of series) {
    const ofSeries = runs.filter(({ name }) => name.endsWith(`:${id}`));
    for (const older of ofSeries) {
      const newer = ofSeries.filter(({ fence }) => fence > older.fence);
      for (const run of newer)
        expect(run.started_at, JSON.stringify([older, run])).toBeGreaterThanOrEqual(older.ended_at!);
    }
  }
}

describe('an API and two collectors, started at once on one new file', () => {
  const MARKETS = 4; // the default ones
  let file: string;
  let api: ServiceProcess;
  let one: ServiceProcess;
  let other: ServiceProcess;

  beforeAll(async () => {
    file = join(workDirectory(), 'shared.db');
    const start = (role: string) =>
      ServiceProcess.start({
        environment: { DATABASE_URL: `sqlite:${file}`, CRYPTOFLOW_ROLE: role, CRYPTOFLOW_BACKFILL: '3d' },
      });
    [api, one, other] = await Promise.all([start('api'), start('collector'), start('collector')]);
    await api.event('service.ready');
  });

  it('share the series evenly', async () => {
    await shared(api, [one, other], MARKETS);
    expect((await seriesLeases(api)).map(({ name }) => name)).toHaveLength(MARKETS);
  });

  it('run each job once per series and slot, never two holders at once', async () => {
    const runs = await eventually('the end of four backfills', async () => {
      const rows = await queryFile<RunRow>(file, 'SELECT * FROM job_run ORDER BY name, slot');
      const ended = rows.filter(({ name, outcome }) => name.startsWith('backfill:') && outcome === 'ok');
      return (
        new Set(ended.map(({ name }) => name)).size === MARKETS && rows.every((row) => row.ended_at) && rows
      );
    });
    expect(new Set(runs.map(({ name, slot }) => `${name} ${slot}`)).size).toBe(runs.length);
    expect(new Set(runs.map(({ outcome }) => outcome))).toEqual(new Set(['ok']));
    expect(new Set(runs.map(({ name }) => name)).size).toBe(2 * MARKETS); // a sync and a backfill of each
    expectNoOverlap(runs);

    const { body } = await api.get('/api/v1/series');
    for (const { first, last, count } of body.series as SeriesBody[]) {
      expect(count).toBe((last! - first!) / MINUTE + 1);
      expect(count).toBeGreaterThanOrEqual(3 * 1440 - 1);
    }
  });

  it.skipIf(process.platform !== 'linux')('leave the API without a handle that could write', () => {
    // The handle of the file itself tells: SQLite writes to the file and to the -wal through a connection that opened
    // the file for writing. The -wal and -shm are opened O_RDWR by read-only connections too (for the marks of the
    // readers, and since the opening asks for it whatever the connection may do), so that their flags tell nothing.
    const writable = (pid: number) => openFiles(pid, file).map(({ flags }) => (flags & 0o3) !== 0);
    expect(writable(api.pid).length).toBeGreaterThan(0);
    expect(writable(api.pid)).not.toContain(true);
    expect(writable(one.pid)).toContain(true); // so the check does see one
  });

  it('have nothing to complain of, but that the API waited for the database', () => {
    expect([...one.complaints, ...other.complaints]).toEqual([]);
    expect(api.complaints.filter(({ event }) => event !== 'database.waiting')).toEqual([]);
  });

  it('go on when one collector is killed: the other takes over its series', async () => {
    const before = await seriesLeases(api);
    const orphans = before.filter(({ pid }) => pid === one.pid);
    expect(orphans).toHaveLength(MARKETS / 2);
    const ids = orphans.map(({ name }) => Number(name.split(':')[1]));
    const { body } = await api.get('/api/v1/series');
    const series = (body.series as SeriesBody[]).filter(({ id }) => ids.includes(id));
    const newest = () => Promise.all(series.map(async (it) => (await api.get(newestPath(it))).text));

    await one.kill();
    const stale = await newest();
    await eventually('the leases of all series', async () => {
      const leases = await seriesLeases(api);
      return leases.length === MARKETS && leases.every(({ pid }) => pid === other.pid);
    });
    const after = await seriesLeases(api);
    for (const { name, fence } of orphans) {
      expect(after.find((lease) => lease.name === name)!.fence).toBeGreaterThan(fence);
    }
    await eventually('fresh candles', async () => (await newest()).every((text, at) => text !== stale[at]));
    expect(other.complaints).toEqual([]);
    expect(api.complaints.filter(({ event }) => event !== 'database.waiting')).toEqual([]);
  });
});

describe('two collectors on one exchange', () => {
  it('fetch no page twice, but the one that is under way when a series changes hands', async () => {
    const end = Math.floor(Date.now() / MINUTE) * MINUTE;
    const symbols = ['AAA/USDT', 'BBB/USDT', 'CCC/USDT', 'DDD/USDT'];
    const count = 6000;
    const markets = symbols.map((symbol, index) => {
      return { symbol, candles: generateCandles({ from: end - count * MINUTE, count, seed: index + 1 }) };
    });
    const server = await BinanceServer.start({ markets, marketDataOnly: true });
    atEnd(() => server.close());
    const file = join(workDirectory(), 'data', 'cryptoflow.db');
    const environment = {
      DATABASE_URL: `sqlite:${file}`,
      CRYPTOFLOW_MARKETS: symbols.map((symbol) => `binance:${symbol}@1m`).join(' '),
      CRYPTOFLOW_BACKFILL: new Date(end - count * MINUTE).toISOString(),
      CRYPTOFLOW_EXCHANGES: server.urls(),
    };
    const directory = join(file, '..', '..');
    const [all, collector] = await Promise.all([
      ServiceProcess.start({ environment, directory }),
      ServiceProcess.start({ environment: { ...environment, CRYPTOFLOW_ROLE: 'collector' } }),
    ]);
    await backfilled(all, Object.fromEntries(symbols.map((symbol) => [symbol, count])));
    await shared(all, [all, collector], symbols.length);

    const fences = await queryFile<{ symbol: string; fence: number }>(
      file,
      `SELECT symbol, fence FROM series JOIN job_lock ON name = 'series:' || id`,
    );
    for (const { symbol, fence } of fences) {
      const repeated = repeatedPages(askedWindows(server, end), symbol).map(([earlier]) => earlier.from);
      expect(new Set(repeated).size, JSON.stringify(repeated)).toBeLessThan(fence);
    }
    expectNoOverlap(await queryFile<RunRow>(file, 'SELECT * FROM job_run WHERE ended_at IS NOT NULL'));
    expect(await queryFile(file, 'SELECT * FROM candle_revision')).toEqual([]);
    expect([...all.complaints, ...collector.complaints]).toEqual([]);
  });
});

describe('CRYPTOFLOW_ROLE', () => {
  it('api waits for a database that somebody else makes', async () => {
    const directory = workDirectory();
    const api = await ServiceProcess.start({ environment: { CRYPTOFLOW_ROLE: 'api' }, directory });
    const waiting = await api.event('database.waiting');
    expect(waiting['reason']).toContain('data/cryptoflow.db');

    const statuses = async () =>
      Promise.all(
        ['live', 'startup', 'ready'].map(async (probe) => (await api.get(`/api/health/${probe}`)).status),
      );
    expect(await statuses()).toEqual([200, 503, 503]);
    const refused = await api.get('/api/v1/series');
    expect(refused.status).toBe(503);
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(refused.body).toMatchObject({ status: 503, code: 'DATABASE_NOT_READY' });
    expect(existsSync(join(directory, 'data')), 'the API makes no file').toBe(false);

    await ServiceProcess.start({ environment: { CRYPTOFLOW_ROLE: 'collector' }, directory });
    await api.event('service.ready');
    await eventually('readiness', async () => (await statuses()).every((status) => status === 200));
    expect((await api.get('/api/v1/series')).status).toBe(200);
    expect(api.complaints.filter(({ event }) => event !== 'database.waiting')).toEqual([]);
  });

  it('collector serves health and no candles', async () => {
    const collector = await ServiceProcess.start({ environment: { CRYPTOFLOW_ROLE: 'collector' } });
    for (const path of ['', '/live', '/ready', '/startup']) {
      expect((await collector.get(`/api/health${path}`)).status).toBe(200);
    }
    for (const path of ['/api/v1/series', '/api/v1/candles?exchange=simulator&symbol=BTC/USDT&interval=1m']) {
      const answer = await collector.get(path);
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    }
  });
});

function newestPath({ exchange, symbol, interval }: SeriesBody): string {
  return `/api/v1/candles?${new URLSearchParams({ exchange, symbol, interval, closed: 'false', limit: '1' }).toString()}`;
}

/** The open handles of a process on one file. */
function openFiles(pid: number, path: string): Array<{ flags: number }> {
  return readdirSync(`/proc/${pid}/fd`).flatMap((handle) => {
    try {
      if (readlinkSync(`/proc/${pid}/fd/${handle}`) !== path) return [];
      const info = readFileSync(`/proc/${pid}/fdinfo/${handle}`, 'utf8');
      return [{ flags: Number.parseInt(/^flags:\s*(\d+)$/m.exec(info)![1]!, 8) }];
    } catch {
      return []; // closed meanwhile
    }
  });
}
