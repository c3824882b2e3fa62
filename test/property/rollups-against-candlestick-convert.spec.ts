import { batchCandles, batchCandlesWithCustomInterval, type OHLCV } from 'candlestick-convert';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ROLLUP_LEVELS } from '../../src/candles/rollup.js';
import { INTERVALS } from '../../src/common/interval.js';
import { bucketOf } from '../support/rollup-model.js';
import { openRollups } from '../support/rollups.js';

const MINUTE = 60_000;
const START = Date.UTC(2024, 1, 26);

// Eighths, and short: floats hold them, and their sums, exactly; so the package, which has floats only, is exact too.
const eighths = fc.integer({ min: 0, max: 80_000 }).map((units) => units / 8);
const ohlcv = fc.tuple(fc.array(eighths, { minLength: 4, maxLength: 4 }), eighths).map(([prices, volume]) => {
  const [low, open, close, high] = prices.toSorted((a, b) => a - b) as [number, number, number, number];
  return { open, high, low, close, volume };
});
const history = fc.record({
  made: fc.array(ohlcv, { minLength: 3, maxLength: 30 }),
  start: fc.integer({ min: 0, max: 5000 }),
  length: fc.integer({ min: 1, max: 3000 }),
  hole: fc.integer({ min: 2, max: 50 }),
});

/** By what the package calls a frame; those that do not begin with the epoch, by a function. */
function converted(interval: (typeof INTERVALS)[number], minutes: readonly OHLCV[], end: number): OHLCV[] {
  const copy = minutes.map((row): OHLCV => [...row]);
  const rows =
    interval === '1w' || interval === '1M'
      ? batchCandlesWithCustomInterval(copy, (time) => bucketOf(interval, time)[0], true)
      : batchCandles(copy, 60, (bucketOf(interval, 0)[1] - bucketOf(interval, 0)[0]) / 1000, true);
  return rows.filter(([time]) => bucketOf(interval, time)[1] <= end);
}

it('gives what candlestick-convert gives, where floats can represent it', async () => {
  const { writer, commit, rollups } = await openRollups();
  await fc.assert(
    fc.asyncProperty(history, async ({ made, start, length, hole }) => {
      for (const table of ['candle', 'candle_revision', 'rollup']) await writer.query(`DELETE FROM ${table}`);
      const minutes: OHLCV[] = [];
      for (let index = 0; index < length; index += 1) {
        if (index % hole === hole - 1) continue;
        const { open, high, low, close, volume } = made[index % made.length]!;
        minutes.push([START + (start + index) * MINUTE, open, high, low, close, volume]);
      }
      await commit(
        minutes.map(([openTime, open, high, low, close, volume]) => ({
          openTime,
          open: `${open}`,
          high: `${high}`,
          low: `${low}`,
          close: `${close}`,
          volume: `${volume}`,
        })),
      );
      const stored = await rollups();
      for (const { interval } of ROLLUP_LEVELS) {
        // The package passes over frames of more candles than it is given.
        const [from, to] = bucketOf(interval, START);
        if (minutes.length < (to - from) / MINUTE) continue;
        const ours = stored
          .filter((row) => row.interval === interval)
          .map((row) => [row.open_time, ...[row.open, row.high, row.low, row.close, row.volume].map(Number)]);
        const theirs = converted(interval, minutes, minutes.at(-1)![0] + MINUTE);
        expect(ours).toEqual(theirs);
      }
    }),
    { numRuns: 30 },
  );
});
