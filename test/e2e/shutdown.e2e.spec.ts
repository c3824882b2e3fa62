import { describe, expect, it } from 'vitest';
import { atEnd } from '../support/at-end.js';
import { BinanceServer } from '../support/binance-server.js';
import { generateCandles } from '../support/candle-files.js';
import { askedWindows, backfilled, MINUTE, queryFile, repeatedPages } from '../support/service-data.js';
import { ServiceProcess, type Answer } from '../support/service-process.js';

const SYMBOL = 'BTC/USDT';
const COUNT = 8000;
/** What the contract allows from the signal to the exit. */
const STOP_MS = 10_000;

async function startSlowBackfill() {
  const end = Math.floor(Date.now() / MINUTE) * MINUTE;
  const candles = generateCandles({ from: end - COUNT * MINUTE, count: COUNT });
  const server = await BinanceServer.start({ markets: [{ symbol: SYMBOL, candles }], marketDataOnly: true });
  atEnd(() => server.close());
  const held = { page: 4, reached: false };
  server.fault = () => {
    if (askedWindows(server, end).length < held.page) return undefined;
    held.reached = true;
    return 'hang';
  };
  const environment = {
    CRYPTOFLOW_MARKETS: `binance:${SYMBOL}@1m`,
    CRYPTOFLOW_BACKFILL: new Date(end - COUNT * MINUTE).toISOString(),
    CRYPTOFLOW_EXCHANGES: server.urls(),
  };
  const service = await ServiceProcess.start({ environment });
  await service.until(`page ${held.page} of the history`, () => held.reached);
  return { server, service, environment, end };
}

const leaseHolders = async (file: string) =>
  (await queryFile<{ holder: string }>(file, 'SELECT holder FROM job_lock')).map(({ holder }) => holder);
const backfillRuns = (file: string) =>
  queryFile<{ outcome: string; ended_at: number }>(
    file,
    `SELECT outcome, ended_at FROM job_run WHERE name LIKE 'backfill:%' ORDER BY slot`,
  );

/** Asks for readiness and for series, over and over, until nobody answers. Once not ready, it never is again. */
async function askUntilGone(service: ServiceProcess) {
  const answers: Array<{ ready: Answer; series: Answer }> = [];
  try {
    for (;;) {
      const ready = await service.get('/api/health/ready');
      if (answers.at(-1)?.ready.status === 503) expect(ready.status).toBe(503);
      answers.push({ ready, series: await service.get('/api/v1/series') });
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // what fetch throws when there is no connection
    return answers;
  }
}

describe('SIGTERM during a backfill', () => {
  it('is told by readiness, interrupts in good order, and the next run goes on', async () => {
    const { server, service, environment, end } = await startSlowBackfill();
    const database = service.database;
    const asked = askedWindows(server, end).length;
    const signalled = performance.now();
    service.send('SIGTERM');
    await service.event('service.stopping');
    expect((await service.get('/api/health/ready')).status).toBe(503);

    // Several clients that keep their connections: one that is in use when the server closes must not hold it up.
    const answers = (await Promise.all(Array.from({ length: 6 }, () => askUntilGone(service)))).flat();
    expect(await service.exited, service.output).toEqual({ code: 0, signal: null });
    expect(performance.now() - signalled).toBeLessThan(STOP_MS);
    const told = answers.filter(({ ready }) => ready.body?.error?.process?.status === 'down');
    expect(told.map(({ series }) => series.status)).toContain(200);
    const stopping = answers.slice(answers.findIndex(({ ready }) => ready.status === 503));
    expect(stopping.map(({ ready }) => ready.headers.get('connection'))).not.toContain('keep-alive');
    expect(service.complaints).toEqual([]);

    expect(new Set(await leaseHolders(database))).toEqual(new Set(['']));
    expect(await backfillRuns(database)).toEqual([{ outcome: 'interrupted', ended_at: expect.any(Number) }]);
    // The request that was under way was cancelled, and not left to itself.
    expect(askedWindows(server, end).slice(asked - 1)).toEqual([expect.objectContaining({ aborted: true })]);

    server.fault = undefined;
    const again = await ServiceProcess.start({ environment, directory: service.directory });
    await backfilled(again, { [SYMBOL]: COUNT });
    expect((await backfillRuns(database)).at(-1)).toMatchObject({ outcome: 'ok' });
    // Nothing is fetched twice but the page that was cancelled.
    const windows = askedWindows(server, end);
    expect(repeatedPages(windows, SYMBOL).map(([earlier]) => earlier)).toEqual([windows[asked - 1]]);
  });
});

describe('SIGINT', () => {
  it('interrupts a backfill likewise', async () => {
    const { service } = await startSlowBackfill();
    const signalled = performance.now();
    expect(await service.stop('SIGINT')).toEqual({ code: 0, signal: null });
    expect(performance.now() - signalled).toBeLessThan(STOP_MS);
    expect(new Set(await leaseHolders(service.database))).toEqual(new Set(['']));
    expect(await backfillRuns(service.database)).toEqual([
      { outcome: 'interrupted', ended_at: expect.any(Number) },
    ]);
    expect(service.complaints).toEqual([]);
  });
});

describe('a process that waits for a database', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('stops on %s', async (signal) => {
    // Several, since the moments of the signal and of the next look at the file must not meet badly.
    const services = await Promise.all(
      [1, 2, 3].map(() => ServiceProcess.start({ environment: { CRYPTOFLOW_ROLE: 'api' } })),
    );
    await Promise.all(services.map((service) => service.event('database.waiting')));
    await Promise.all(services.map((service) => service.stop(signal)));
    for (const service of services) {
      expect(service.exit, service.output).toEqual({ code: 0, signal: null });
      expect(service.complaints.map(({ event }) => event)).toEqual(['database.waiting']);
    }
  });
});

describe('a second signal', () => {
  it('does not break off the orderly stop that the first began', async () => {
    const service = await ServiceProcess.start();
    await service.event('service.ready');
    service.send('SIGTERM');
    await service.event('service.stopping');
    service.send('SIGTERM');
    service.send('SIGINT');
    expect(await service.exited).toEqual({ code: 0, signal: null });
    expect(new Set(await leaseHolders(service.database))).toEqual(new Set(['']));
  });
});
