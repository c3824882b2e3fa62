import { createHash } from 'node:crypto';
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

/** Of every series its candles from its `first` to its `last`, as one hash: what was acknowledged stays as it is. */
export async function candleHash(
  file: string,
  range?: readonly SeriesRange[],
): Promise<{ ranges: readonly SeriesRange[]; hash: string }> {
  const ranges =
    range ??
    (await queryFile<SeriesRange>(
      file,
      'SELECT series_id AS id, min(open_time) AS first, max(open_time) AS last FROM candle GROUP BY series_id',
    ));
  const hash = createHash('sha256');
  for (const { id, first, last } of ranges) {
    const rows = await queryFile(
      file,
      'SELECT * FROM candle WHERE series_id = ? AND open_time BETWEEN ? AND ? ORDER BY open_time',
      [id, first, last],
    );
    hash.update(JSON.stringify(rows));
  }
  return { ranges, hash: hash.digest('hex') };
}

export interface SeriesRange {
  readonly id: number;
  readonly first: number;
  readonly last: number;
}
