import { onTestFinished } from 'vitest';
import type { Candle } from '../../src/candles/candle.js';
import { QuarantineReader, type QuarantinedRow } from '../../src/candles/quarantine-reader.js';
import { SqliteCandleStore } from '../../src/candles/sqlite-candle-store.js';
import { LiveStreams } from '../../src/collector/live-streams.js';
import type { LiveEvent } from '../../src/collector/live-statistics.js';
import { SeriesScopes } from '../../src/collector/series-scopes.js';
import { SeriesWorker } from '../../src/collector/series-worker.js';
import { SystemClock } from '../../src/common/clock.js';
import { openTimeAt, type Interval } from '../../src/common/interval.js';
import type { BackfillStart } from '../../src/config/environment.schema.js';
import { ExchangeRegistry } from '../../src/exchanges/exchange-registry.js';
import type { BinanceServer } from './binance-server.js';
import type { ManualClock } from './fixtures/manual-clock.js';
import { until } from './fixtures/until.js';
import { openTestLocks } from './locks.js';

/** What collects one series from a server: real database, leases, worker and ccxt; the time is the test's. */
export async function openCollectingFrom({
  server,
  clock,
  since = 0,
  backfill = { since },
  symbol = 'BTC/USDT',
  interval = '1m',
  live = false,
}: {
  server: Pick<BinanceServer, 'exchangeOptions'>;
  clock: ManualClock;
  /** Where history begins, Unix ms. */
  since?: number;
  backfill?: BackfillStart;
  symbol?: string;
  interval?: Interval;
  /** Takes the open candle from the exchange's stream, where `exchangeOptions` name one. */
  live?: boolean;
}) {
  const test = await openTestLocks({ clock, ttl: '365d' });
  const store = new SqliteCandleStore(test.writer, test.reader, test.locks, new SystemClock());
  const options = Object.entries(server.exchangeOptions()).map(([id, own]) => [
    id,
    { ...own, enableRateLimit: false },
  ]);
  const registry = new ExchangeRegistry([], Object.fromEntries(options), clock, null);
  const [exchange] = Object.keys(server.exchangeOptions());
  const series = await store.ensureSeries(exchange!, symbol, interval);
  const streams = new LiveStreams(store, clock, test.log);
  const liveEvents: LiveEvent[] = [];
  streams.statistics.observe((event) => liveEvents.push(event));
  const shared = {
    store,
    clock,
    locks: test.locks,
    log: test.log,
    isBulkPaused: () => test.database.queue.isPaused,
    backfill,
  };
  const scopes = new SeriesScopes(registry, shared, undefined, live ? streams : null);
  const scope = scopes.for(series);
  const worker = new SeriesWorker(scope);
  const stop = new AbortController();
  const running = worker.run(stop.signal);
  onTestFinished(async () => {
    stop.abort(new Error('stop'));
    await running;
    await registry.onApplicationShutdown();
  });

  const stored = async (): Promise<Candle[]> =>
    test.reader.query(
      `SELECT open_time AS openTime, open, high, low, close, volume FROM candle WHERE series_id = ? ORDER BY open_time`,
      [series.id],
    );
  const forming = async (): Promise<Candle | undefined> => {
    const [row] = await test.reader.query<Candle[]>(
      `SELECT open_time AS openTime, open, high, low, close, volume FROM forming_candle WHERE series_id = ?`,
      [series.id],
    );
    return row;
  };
  const quarantined = async (): Promise<readonly QuarantinedRow[]> => {
    const { rows } = await new QuarantineReader(test.reader).read(series.id, { limit: 1000 });
    return rows.toReversed();
  };
  const ended = async (job: string, after: number): Promise<boolean> => {
    const rows = await test.reader.query<unknown[]>(
      `SELECT 1 FROM job_run WHERE name = ? AND outcome = 'ok' AND slot >= ?`,
      [`${job}:${series.id}`, after],
    );
    return rows.length > 0;
  };
  return {
    ...test,
    clock,
    store,
    worker,
    series: () => scope.series,
    stored,
    forming,
    liveEvents,
    quarantined,
    coverage: () => store.coverage(series),
    /** Waits for the first sync and the whole of the history, while the time goes on by `step` ms a look. */
    collected: async (step = 0) => {
      await until(async () => {
        if (step > 0) clock.advance(step);
        return (await ended('sync', 0)) && (await ended('backfill', 0));
      });
    },
    /** Lets the time go on to `time` and syncs; while that asks again, the time goes on by `step` ms a look. */
    syncAt: async (time: number, step = 500) => {
      clock.advance(time - clock.now());
      worker.requestSync();
      const slot = openTimeAt(scope.series.interval, time);
      await until(async () => {
        if (await ended('sync', slot)) return true;
        clock.advance(step);
        return false;
      });
    },
  };
}
