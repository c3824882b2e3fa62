import { onTestFinished } from 'vitest';
import { SqliteCandleStore } from '../../src/candles/sqlite-candle-store.js';
import { SeriesRegister } from '../../src/candles/series-register.js';
import type { CoverageSpan } from '../../src/candles/coverage.js';
import type { Series, SeriesState } from '../../src/candles/series.js';
import { CollectorSeat } from '../../src/collector/collector-seat.js';
import { CollectorService } from '../../src/collector/collector.service.js';
import { MarketCheck } from '../../src/collector/market-check.js';
import { MarketLists } from '../../src/collector/market-lists.js';
import { MarketWatch } from '../../src/collector/market-watch.js';
import { SeriesCatalog } from '../../src/collector/series-catalog.js';
import { SeriesScopes } from '../../src/collector/series-scopes.js';
import { SystemClock } from '../../src/common/clock.js';
import { Config } from '../../src/config/config.js';
import { ExchangeRegistry } from '../../src/exchanges/exchange-registry.js';
import type { BinanceServer } from './binance-server.js';
import { openTestGuards } from './exchange-guards.js';
import type { ManualClock } from './fixtures/manual-clock.js';
import { until } from './fixtures/until.js';
import { openTestLocks, type TestLocks } from './locks.js';

const MINUTE = 60_000;
/** Time is moved on faster than answers come. */
const WEEK = 10_080 * MINUTE;

export interface TestCollector extends TestLocks {
  /** Collects until the end of the test, or until the returned function is called. */
  start(): () => Promise<void>;
  /** Moves time on, five seconds at a time, with ticks of sync, backfill and repair each minute, until `condition` holds. */
  runUntil(condition: () => boolean | Promise<boolean>): Promise<void>;
  /** Moves time on by so many minutes, each with its ticks and time for them to be done. */
  runFor(minutes: number): Promise<void>;
  series(
    symbol: string,
  ): Promise<(Series & { readonly state: SeriesState; readonly listedAt: number | null }) | undefined>;
  coverage(symbol: string): Promise<CoverageSpan[]>;
  openTimes(symbol: string): Promise<number[]>;
}

/** The collector of one process, put together as the service does, on a clock that is moved by hand. */
export async function openTestCollector(
  server: BinanceServer,
  clock: ManualClock,
  {
    markets,
    backfill = '1h',
    file,
    guarded = false,
  }: { markets: string; backfill?: string; file?: string; guarded?: boolean },
): Promise<TestCollector> {
  const test = await openTestLocks({ ttl: '1d', clock, ...(file !== undefined && { file }) });
  const config = Config.from({ CRYPTOFLOW_MARKETS: markets, CRYPTOFLOW_BACKFILL: backfill });
  const options = { binance: { ...server.exchangeOptions().binance, enableRateLimit: false, timeout: WEEK } };
  const guards = guarded ? openTestGuards(test, clock, { log: test.log }).guards : undefined;
  const exchanges = new ExchangeRegistry([], options, clock, null, guards);
  const store = new SqliteCandleStore(test.writer, test.reader, test.locks, new SystemClock());
  const register = new SeriesRegister(test.reader, clock);
  const lists = new MarketLists(exchanges, clock);
  const shared = { store, clock, locks: test.locks, log: test.log, backfill: config.backfill };
  const listings = (series: Series) => register.listings(series);
  const scopes = new SeriesScopes(exchanges, { ...shared, listings, isBulkPaused: () => false }, lists);
  const seat = new CollectorSeat(test.locks, test.store, test.database);
  const catalog = new SeriesCatalog(config, store, register, clock, test.log);
  const collector = new CollectorService(catalog, seat, scopes, clock, test.log);
  const check = new MarketCheck(lists, register, test.locks, clock, test.log);
  const watch = new MarketWatch(config, check, scopes, clock, test.log);

  const tick = (ms: number) => {
    const before = clock.now();
    clock.advance(ms);
    if (Math.floor(before / MINUTE) === Math.floor(clock.now() / MINUTE)) return;
    collector.forEachWorker((worker) => {
      worker.requestSync();
      worker.requestBackfill();
      worker.requestRepair();
    });
  };
  const settled = async () => {
    const rows = await test.reader.query<unknown[]>('SELECT 1 FROM job_run WHERE outcome IS NULL');
    return rows.length === 0;
  };
  const series: TestCollector['series'] = async (symbol) => {
    type Row = Series & { readonly state: SeriesState; readonly listedAt: number | null };
    const rows = await test.reader.query<Row[]>(
      'SELECT id, exchange, symbol, interval, state, listed_at AS "listedAt" FROM series WHERE symbol = ?',
      [symbol],
    );
    return rows[0];
  };
  return {
    ...test,
    series,
    start: () => {
      collector.onApplicationBootstrap();
      watch.onApplicationBootstrap();
      const stop = async () => {
        await watch.onModuleDestroy();
        await collector.onModuleDestroy();
        await exchanges.onApplicationShutdown();
      };
      onTestFinished(stop);
      return stop;
    },
    runUntil: (condition) =>
      until(async () => {
        if (await condition()) return true;
        tick(5000);
        return false;
      }),
    runFor: async (minutes) => {
      const end = clock.now() + minutes * MINUTE;
      while (clock.now() < end) {
        tick(5000);
        await until(async () => {
          if (await settled()) return true;
          tick(100); // a candle may be late
          return false;
        });
      }
    },
    coverage: async (symbol) => {
      const found = await series(symbol);
      return found ? store.coverage(found) : [];
    },
    openTimes: async (symbol) => {
      const rows = await test.reader.query<Array<{ t: number }>>(
        `SELECT open_time AS t FROM candle JOIN series ON series.id = series_id WHERE symbol = ? ORDER BY 1`,
        [symbol],
      );
      return rows.map(({ t }) => t);
    },
  };
}
