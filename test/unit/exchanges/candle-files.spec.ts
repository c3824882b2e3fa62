import { afterEach, describe, expect, it, vi } from 'vitest';
import { canonicalDecimal } from '../../../src/common/decimal.js';
import { completeCandles, gappyCandles, shiftToEndAt } from '../../support/candle-files.js';

const MINUTE = 60_000;
const folders = [...new Set(['', process.env['CRYPTOFLOW_TEST_DATA'] ?? ''])];

describe.each(folders)('candle files from %o', (folder) => {
  vi.stubEnv('CRYPTOFLOW_TEST_DATA', folder);
  const [complete, gappy] = [completeCandles(), gappyCandles()];
  vi.unstubAllEnvs();
  afterEach(() => vi.unstubAllEnvs());

  it('hold what they promise', () => {
    const gaps = (candles: typeof complete.candles) =>
      candles
        .slice(1)
        .map(({ openTime }, index) => (openTime - candles[index]!.openTime) / MINUTE - 1)
        .filter((missing) => missing !== 0);
    expect([complete.candles.length, gaps(complete.candles)]).toEqual([30_240, []]);
    const holes = gaps(gappy.candles);
    expect([gappy.candles.length, holes.length]).toEqual([13_681, 538]);
    expect(holes.reduce((sum, missing) => sum + missing, 0)).toBe(717);
    expect(Math.min(...holes)).toBeGreaterThan(0);
    for (const { volume } of complete.candles) expect(canonicalDecimal(volume)).toBe(volume);
    expect(complete.source.startsWith('generated')).toBe(folder === '');
  });

  it('move in time by whole minutes', () => {
    const moved = shiftToEndAt(gappy.candles, Date.UTC(2030, 0, 1));
    expect(moved.at(-1)?.openTime).toBe(Date.UTC(2030, 0, 1));
    expect(moved[1]!.openTime - moved[0]!.openTime).toBe(
      gappy.candles[1]!.openTime - gappy.candles[0]!.openTime,
    );
    expect(() => shiftToEndAt(gappy.candles, 1)).toThrow('whole minutes');
  });
});
