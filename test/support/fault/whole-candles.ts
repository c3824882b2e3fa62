import { expect } from 'vitest';
import { MINUTE, queryFile } from '../service-data.js';

interface SeriesCount {
  readonly symbol: string;
  readonly candles: number;
  /** Minutes that the coverage calls `have`. */
  readonly covered: number;
}

/**
 * Expects a sound file without a partial batch: of every one-minute series as many candles as its coverage says.
 *
 * @returns the number of candles by symbol
 */
export async function expectWhole(file: string): Promise<Record<string, number>> {
  expect(await queryFile(file, 'PRAGMA quick_check')).toEqual([{ quick_check: 'ok' }]);
  return expectCovered(file);
}

/** Expects as many candles of every one-minute series as its coverage says, at one moment, whoever writes meanwhile. */
export async function expectCovered(file: string): Promise<Record<string, number>> {
  const counts = await queryFile<SeriesCount>(
    file,
    `SELECT symbol, (SELECT count(*) FROM candle WHERE series_id = series.id) AS candles,
       (SELECT coalesce(sum(to_time - from_time), 0) / ${MINUTE} FROM coverage
         WHERE series_id = series.id AND state = 'have') AS covered
     FROM series`,
  );
  for (const { symbol, candles, covered } of counts) expect(candles, symbol).toBe(covered);
  return Object.fromEntries(counts.map(({ symbol, candles }) => [symbol, candles]));
}

/** Every candle that is there, as `series id:open time` → its figures. */
export async function allCandles(file: string): Promise<Map<string, string>> {
  const rows = await queryFile<{ key: string; figures: string }>(
    file,
    `SELECT series_id || ':' || open_time AS key, concat_ws(',', open, high, low, close, volume) AS figures FROM candle`,
  );
  return new Map(rows.map(({ key, figures }) => [key, figures]));
}

/** Expects every candle that was there `before` to be there still, as it was: what was acknowledged is not lost. */
export async function expectKept(file: string, before: ReadonlyMap<string, string>): Promise<void> {
  const now = await allCandles(file);
  const lost = [...before].filter(([key, figures]) => now.get(key) !== figures);
  expect(before.size).toBeGreaterThan(0);
  expect(lost).toEqual([]);
}
