import { SystemClock } from '../../src/common/clock.js';
import { Config } from '../../src/config/config.js';
import type { Candle } from '../../src/candles/candle.js';
import { QuarantineReader } from '../../src/candles/quarantine-reader.js';
import { SeriesReader } from '../../src/candles/series-reader.js';
import { SqliteCandleStore } from '../../src/candles/sqlite-candle-store.js';
import { FileCheck } from '../../src/importing/check-file.js';
import type { FileReport } from '../../src/importing/file-report.js';
import { findFiles } from '../../src/importing/find-files.js';
import { Importer, type ImportOptions } from '../../src/importing/importer.js';
import { SeriesSessions } from '../../src/importing/series-session.js';
import { ManualClock } from './fixtures/manual-clock.js';
import { openTestLocks } from './locks.js';

/** An importer over a database of its own; `now` is the time by which it tells candles that are over, Unix ms. */
export async function openImporter(ttl = '30s', now?: number) {
  const clock = new SystemClock();
  const test = await openTestLocks({ ttl, clock });
  const { writer, reader, locks, store: leases } = test;
  const candles = new SqliteCandleStore(writer, reader, locks, clock);
  const config = Config.from({ CRYPTOFLOW_LEASE_TTL: ttl });
  const sessions = new SeriesSessions(locks, leases, candles, clock, config);
  const kept = new SeriesReader(reader, clock);
  const importer = new Importer(
    sessions,
    candles,
    kept,
    new FileCheck(reader),
    now === undefined ? clock : new ManualClock(now),
  );

  /** Imports, and returns the report of each file by its path. */
  const run = async (
    given: readonly string[],
    options: Partial<ImportOptions> = {},
    {
      signal = new AbortController().signal,
      progress = () => undefined,
    }: { signal?: AbortSignal; progress?: (...file: unknown[]) => void } = {},
  ): Promise<Map<string, FileReport>> => {
    const reports = new Map<string, FileReport>();
    const observer = {
      progress,
      ended: ({ path }: { path: string }, report: FileReport) => void reports.set(path, report),
    };
    await importer.run(
      await findFiles(given),
      { exchange: 'binance', check: false, ...options },
      observer,
      signal,
    );
    return reports;
  };

  const stored = (symbol = 'BTC/USDT') =>
    reader.query<Candle[]>(
      `SELECT open_time AS "openTime", open, high, low, close, volume FROM candle
       JOIN series ON series.id = series_id WHERE symbol = ? ORDER BY open_time`,
      [symbol],
    );
  /** What is in quarantine, of all series. */
  const quarantined = async () => {
    const [first] = await reader.query<Array<{ id: number }>>(
      'SELECT series_id AS id FROM quarantine LIMIT 1',
    );
    return new QuarantineReader(reader).read(first?.id ?? 0, { limit: 10_000 });
  };
  return { ...test, candles, kept, run, stored, quarantined };
}
