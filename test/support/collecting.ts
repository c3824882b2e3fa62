import { onTestFinished } from 'vitest';
import { SeriesReader } from '../../src/candles/series-reader.js';
import { SqliteCandleStore } from '../../src/candles/sqlite-candle-store.js';
import { SeriesScopes } from '../../src/collector/series-scopes.js';
import { SeriesWorker } from '../../src/collector/series-worker.js';
import type { Reread } from '../../src/collector/rereads.js';
import { SystemClock } from '../../src/common/clock.js';
import type { ExchangeClient } from '../../src/exchanges/exchange-client.js';
import type { ExchangeRegistry } from '../../src/exchanges/exchange-registry.js';
import type { ManualClock } from './fixtures/manual-clock.js';
import { isSettled } from './fixtures/settled.js';
import { until } from './fixtures/until.js';
import { openTestLocks } from './locks.js';

/** One series of one-minute candles, collected by a worker over a real database, as the clock of the test goes. */
export async function openCollecting({
  clock,
  client,
  symbol,
  since,
}: {
  clock: ManualClock;
  client: ExchangeClient;
  symbol: string;
  since: number;
}) {
  // Longer than any leap of the clock: a lease is judged by it.
  const test = await openTestLocks({ clock, ttl: '1000d' });
  const { writer, reader, locks, log, database } = test;
  const store = new SqliteCandleStore(writer, reader, locks, new SystemClock());
  const series = await store.ensureSeries(client.id, symbol, '1m');
  await writer.query('UPDATE series SET created_at = ?', [clock.now()]);
  const registry = { get: () => client } as unknown as ExchangeRegistry;
  const isBulkPaused = () => database.queue.isPaused;
  const scopes = new SeriesScopes(registry, { store, clock, locks, log, isBulkPaused, backfill: { since } });
  const rereads: Reread[] = [];
  scopes.rereads.observe((reread) => rereads.push(reread));

  let worker = new SeriesWorker(scopes.for(series));
  let finish = () => Promise.resolve();
  const start = () => {
    worker = new SeriesWorker(scopes.for(series));
    const stop = new AbortController();
    const running = worker.run(stop.signal);
    finish = async () => {
      stop.abort(new Error('stop'));
      await running;
    };
  };
  onTestFinished(() => finish());

  /** Waits until the worker holds its lease and has nothing to do before the clock goes on. */
  const settled = () => until(() => isSettled(worker, clock.now()));

  /** Lets time pass, and gives the worker all its tasks as the schedule would at that time. */
  const tick = (ms: number) => {
    clock.advance(ms);
    worker.requestSync();
    worker.requestSettlement();
    worker.requestRepair();
    worker.requestBackfill();
  };

  return {
    ...test,
    store,
    series,
    rereads,
    start: async () => {
      start();
      await settled();
    },
    stop: () => finish(),
    settled,
    tick,
    /** Lets time pass, and waits until what the schedule asks for at that time is done. */
    pass: async (ms: number) => {
      tick(ms);
      await settled();
    },
    /** For a test of repair alone. Before the start. */
    withoutSettlement: () => writer.query('UPDATE series SET settled_to = 9000000000000000'),
    summary: () => new SeriesReader(reader, clock).get(series.id),
    states: async () => (await store.coverage(series)).map(({ state }) => state),
    candles: () =>
      reader.query<Array<Record<string, unknown>>>(
        'SELECT open_time AS openTime, open, high, low, close, volume FROM candle ORDER BY open_time',
      ),
    revisions: () =>
      reader.query<Array<Record<string, unknown>>>(
        'SELECT open_time AS openTime, open, high, low, close, volume FROM candle_revision ORDER BY revised_at, open_time',
      ),
  };
}
