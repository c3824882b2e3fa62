import { readCandleFile } from '../archives/candle-file.js';
import { sharedAnchor } from '../common/shared-anchor.js';
import type { ImportTarget } from './import-target.js';

/**
 * How far the candles of a file are from the interval's own grid, in milliseconds, by its first rows: weeks from a Thursday
 * are no fault. Those of Binance's archive, whose names tell their period, are on it.
 *
 * @throws ArchiveError
 */
export async function anchorOfFile(path: string, { interval, window }: ImportTarget): Promise<number> {
  if (window !== null) return 0;
  const rules = { grid: interval, window, now: Infinity };
  for await (const { candles, refused } of readCandleFile(path, rules)) {
    const rows = [...candles.map(({ candle }) => candle), ...refused];
    if (rows.length > 0) return sharedAnchor(interval, rows) ?? 0;
  }
  return 0;
}
