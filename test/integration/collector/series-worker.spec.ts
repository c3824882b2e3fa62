import { describe, expect, it, onTestFinished } from 'vitest';
import { SystemClock } from '../../../src/common/clock.js';
import { SqliteCandleStore } from '../../../src/candles/sqlite-candle-store.js';
import { SeriesWorker } from '../../../src/collector/series-worker.js';
import { SeriesScopes } from '../../../src/collector/series-scopes.js';
import type { ExchangeRegistry } from '../../../src/exchanges/exchange-registry.js';
import { ExchangeError, ExchangeHeldBackError } from '../../../src/exchanges/exchange-errors.js';
import { ManualClock } from '../../support/fixtures/manual-clock.js';
import { ScriptedExchange } from '../../support/fixtures/scripted-exchange.js';
import { gate, until } from '../../support/fixtures/until.js';
import { openTestLocks } from '../../support/locks.js';

const MINUTE = 60_000;
const NOW = Date.UTC(2024, 0, 1, 12) + 2000;
const OPEN = NOW - 2000;
/** Minutes of history asked for, and pages of ten. */
const HISTORY = 45;

async function openWorker() {
  const clock = new ManualClock(NOW);
  const test = await openTestLocks({ clock, ttl: '1d' });
  const store = new SqliteCandleStore(test.writer, test.reader, test.locks, new SystemClock());
  const series = await store.ensureSeries('scripted', 'A/B', '1m');
  const exchange = new ScriptedExchange(() => clock.now());
  const registry = { get: () => exchange } as unknown as ExchangeRegistry;
  const scopes = new SeriesScopes(registry, {
    store,
    clock,
    locks: test.locks,
    log: test.log,
    isBulkPaused: () => test.database.queue.isPaused,
    backfill: { since: OPEN - HISTORY * MINUTE },
  });
  const stop = new AbortController();
  const worker = new SeriesWorker(scopes.for(series));
  const start = () => {
    const running = worker.run(stop.signal);
    const finish = async () => {
      stop.abort(new Error('stop'));
      await running;
    };
    onTestFinished(finish);
    return finish;
  };
  const runs = async (job: string) =>
    test.reader.query<Array<{ slot: number; outcome: string | null }>>(
      'SELECT slot, outcome FROM job_run WHERE name = ? ORDER BY slot',
      [`${job}:${series.id}`],
    );
  const ended = (job: string, outcome: string) =>
    until(async () => (await runs(job)).some((run) => run.outcome === outcome));
  const openTimes = async () => {
    const rows = await test.reader.query<Array<{ t: number }>>(
      'SELECT open_time AS t FROM candle ORDER BY 1',
    );
    return rows.map(({ t }) => t);
  };
  return { ...test, clock, store, series, exchange, worker, start, runs, ended, openTimes };
}

const history = (to = OPEN) =>
  Array.from(
    { length: HISTORY + (to - OPEN) / MINUTE },
    (_, index) => OPEN - HISTORY * MINUTE + index * MINUTE,
  );

describe('a series worker', () => {
  it('syncs first, then walks the history from the newest to the oldest, page by page', async () => {
    const { exchange, start, ended, openTimes, store, series } = await openWorker();
    start();
    await ended('backfill', 'ok');
    const pages = exchange.requests.filter(
      ({ to }) => to !== OPEN + MINUTE || exchange.requests[0]!.to === to,
    );
    expect(exchange.requests[0]).toEqual({ from: OPEN - 10 * MINUTE, to: OPEN + MINUTE });
    const backfill = pages.slice(1).filter(({ from }) => from < OPEN);
    expect(backfill.map(({ to }) => (OPEN - to) / MINUTE)).toEqual([10, 20, 30, 40]);
    expect(await openTimes()).toEqual(history());
    expect(await store.coverage(series)).toEqual([
      { from: OPEN - HISTORY * MINUTE, to: OPEN, state: 'have' },
    ]);
  });

  it('brings in each candle once it has closed, one run per boundary, whatever the number of ticks', async () => {
    const { clock, worker, start, runs, ended, openTimes } = await openWorker();
    start();
    await ended('backfill', 'ok');
    clock.advance(MINUTE);
    worker.requestSync();
    worker.requestSync();
    await until(async () => (await openTimes()).includes(OPEN));
    worker.requestSync();
    worker.requestForming();
    clock.advance(MINUTE);
    worker.requestSync();
    await until(async () => (await openTimes()).includes(OPEN + MINUTE));
    expect(await openTimes()).toEqual(history(OPEN + 2 * MINUTE));
    await until(async () => (await runs('sync')).every(({ outcome }) => outcome === 'ok'));
    expect(await runs('sync')).toEqual([0, 1, 2].map((n) => ({ slot: OPEN + n * MINUTE, outcome: 'ok' })));
  });

  it('asks again when the exchange is late with the last candle, and says nothing about it meanwhile', async () => {
    const { clock, exchange, start, runs, store, series, openTimes } = await openWorker();
    exchange.has = (openTime) => openTime !== OPEN - MINUTE;
    start();
    await until(async () => (await openTimes()).length >= HISTORY - 1);
    expect((await store.coverage(series)).at(-1)!.to).toBe(OPEN - MINUTE);
    expect(await runs('sync')).toEqual([{ slot: OPEN, outcome: null }]);
    exchange.has = () => true;
    clock.advance(1000);
    await until(async () => (await runs('sync'))[0]!.outcome === 'ok');
    expect((await openTimes()).at(-1)).toBe(OPEN - MINUTE);
  });

  it('writes down holes as missing, and a stretch without any candle too, and goes on behind it', async () => {
    const { exchange, start, ended, openTimes, store, series } = await openWorker();
    const hole = (openTime: number) => openTime >= OPEN - 33 * MINUTE && openTime < OPEN - 18 * MINUTE;
    exchange.has = (openTime) => !hole(openTime);
    start();
    await ended('backfill', 'ok');
    expect(await openTimes()).toEqual(history().filter((openTime) => !hole(openTime)));
    expect(await store.coverage(series)).toEqual([
      { from: OPEN - 45 * MINUTE, to: OPEN - 33 * MINUTE, state: 'have' },
      { from: OPEN - 33 * MINUTE, to: OPEN - 18 * MINUTE, state: 'missing', asked: 1, askedAt: NOW },
      { from: OPEN - 18 * MINUTE, to: OPEN, state: 'have' },
    ]);
  });

  it('tries again after an error, later each time, shows it, and loses nothing', async () => {
    const { clock, exchange, worker, start, runs, openTimes, log } = await openWorker();
    let failing = true;
    exchange.script = () => {
      if (failing) throw new ExchangeError('EXCHANGE_UNAVAILABLE', 'down');
    };
    start();
    await until(() => worker.status.failures >= 1);
    expect(worker.status.lastError).toMatchObject({ code: 'EXCHANGE_UNAVAILABLE', message: 'down' });
    await until(() => exchange.requests.length === 3 && log.named('collector.task.failed').length === 3);
    clock.advance(400); // less than the shortest wait
    expect(exchange.requests).toHaveLength(3);
    clock.advance(1000);
    await until(() => worker.status.failures >= 2);
    failing = false;
    await until(async () => {
      clock.advance(1000);
      return (await runs('backfill')).some(({ outcome }) => outcome === 'ok');
    });
    expect(await openTimes()).toEqual(expect.arrayContaining(history()));
    expect(log.named('collector.task.failed').length).toBeGreaterThanOrEqual(2);
  });

  it('waits as long as the exchange asks it to', async () => {
    const { clock, exchange, worker, start } = await openWorker();
    exchange.script = () => {
      throw new ExchangeError('EXCHANGE_RATE_LIMITED', 'slow down', { retryAfterMs: 120_000 });
    };
    start();
    await until(() => exchange.requests.length === 3); // sync, forming, backfill
    clock.advance(119_000);
    await until(() => worker.status.held);
    expect(exchange.requests).toHaveLength(3);
    exchange.script = () => undefined;
    clock.advance(2000);
    await until(() => exchange.requests.length > 3);
  });

  it('counts it as no failure when the exchange is not asked, complains of nothing, and goes on when it is', async () => {
    const { clock, exchange, worker, start, ended, log } = await openWorker();
    exchange.script = () => {
      throw new ExchangeHeldBackError('scripted', 'banned', 120_000);
    };
    start();
    await until(() => exchange.requests.length === 3 && worker.status.lastError !== null);
    clock.advance(119_000);
    await until(() => worker.status.held);
    expect(exchange.requests).toHaveLength(3);
    expect(worker.status).toMatchObject({ failures: 0, lastError: { code: 'EXCHANGE_HELD_BACK' } });
    expect(log.events.filter(({ level }) => level === 'warn')).toEqual([]);
    exchange.script = () => undefined;
    clock.advance(2000);
    await ended('backfill', 'ok');
  });

  it('stops in good order in the middle of a request, and its successor goes on from there', async () => {
    const first = await openWorker();
    const asked = gate();
    first.exchange.script = ({ signal }, number) => {
      if (number !== 4) return undefined;
      asked.open();
      return new Promise((_, reject) =>
        signal!.addEventListener('abort', () => reject(signal!.reason as Error)),
      );
    };
    const finish = first.start();
    await asked.opened;
    await finish();
    expect(await first.runs('backfill')).toMatchObject([{ outcome: 'interrupted' }]);
    expect(await first.store.coverage(first.series)).toHaveLength(1);
    expect((await first.locks.acquire(`series:${first.series.id}`))!.fence).toBe(2);
  });

  it('drops everything when it loses its lease, and takes it up again when it gets it back', async () => {
    const { exchange, worker, writer, start, ended, openTimes, log } = await openWorker();
    const [asked, goOn] = [gate(), gate()];
    exchange.script = async (_, number) => {
      if (number !== 4) return;
      asked.open();
      await goOn.opened;
    };
    start();
    await asked.opened;
    await writer.query(
      `UPDATE job_lock SET fence = fence + 1, holder = '', expires_at = 0 WHERE name LIKE 'series:%'`,
    );
    const before = await openTimes();
    goOn.open();
    await until(() => log.named('lock.lost').length === 1);
    expect(await openTimes()).toEqual(before);
    await until(() => !worker.status.held);
    await writer.query('SELECT 1');
    (worker as unknown as { wake: () => void }).wake();
    await ended('backfill', 'ok');
    expect(await openTimes()).toEqual(history());
  });
});
