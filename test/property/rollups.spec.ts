import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Candle } from '../../src/candles/candle.js';
import { canonicalDecimal, compareDecimals } from '../../src/common/decimal.js';
import { modelRollups } from '../support/rollup-model.js';
import { openRollups } from '../support/rollups.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Shortly before a Monday on which a month begins: every interval ends close by. */
const EDGE = Date.UTC(2024, 0, 1);

const decimal = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.integer({ min: 0, max: 12 }))
  .map(([units, places]) => canonicalDecimal(`${units}e-${places}`));

const figures = fc
  .tuple(fc.array(decimal, { minLength: 4, maxLength: 4 }), decimal, fc.nat())
  .map(([prices, volume, pick]): Omit<Candle, 'openTime'> => {
    const [low, a, b, high] = prices.toSorted(compareDecimals) as [string, string, string, string];
    const [open, close] = pick % 2 === 0 ? [a, b] : [b, a];
    return { open, high, low, close, volume };
  });

/** A run of minutes, some of them left out. */
const batch = fc
  .record({
    start: fc.oneof(
      fc.integer({ min: -300, max: 300 }),
      fc.integer({ min: -60 * 24 * 40, max: 60 * 24 * 40 }),
    ),
    length: fc.integer({ min: 1, max: 400 }),
    step: fc.constantFrom(1, 1, 1, 2, 7, 61, 1500),
    made: fc.array(figures, { minLength: 1, maxLength: 7 }),
    left: fc.integer({ min: 2, max: 20 }),
  })
  .map(({ start, length, step, made, left }) => {
    const candles: Candle[] = [];
    for (let index = 0; index < length; index += 1) {
      if (left < 10 && index % left === left - 1) continue;
      candles.push({ openTime: EDGE + (start + index * step) * MINUTE, ...made[index % made.length]! });
    }
    return candles;
  });

/** In any order within the batch, too. */
const batches = fc.array(fc.tuple(batch, fc.constantFrom('asc', 'desc')), { minLength: 1, maxLength: 6 });

it('equals the plain model after every commit, whatever is stored, revised or left out in whatever order', async () => {
  const { writer, series, commit, rollups } = await openRollups();
  await fc.assert(
    fc.asyncProperty(batches, async (stored) => {
      for (const table of ['candle', 'candle_revision', 'rollup']) await writer.query(`DELETE FROM ${table}`);
      const known = new Map<number, Candle>();
      for (const [candles, order] of stored) {
        await commit(order === 'asc' ? candles : candles.toReversed());
        for (const candle of candles) known.set(candle.openTime, candle);
        expect(await rollups(series.id)).toEqual(modelRollups([...known.values()]));
      }
    }),
    { numRuns: 40 },
  );
}, 120_000);

it('equals the plain model minute by minute, as candles come live, over the end of a year', async () => {
  const { commit, rollups } = await openRollups();
  const [made] = fc.sample(fc.array(figures, { minLength: 50, maxLength: 50 }), { numRuns: 1, seed: 4 });
  const candles: Candle[] = [];
  for (let openTime = EDGE - 2 * HOUR; openTime < EDGE + 5 * MINUTE; openTime += MINUTE) {
    candles.push({ openTime, ...made![candles.length % 50]! });
    await commit(candles.slice(-1), 'live');
    if (openTime % (15 * MINUTE) === 0 || openTime >= EDGE - 3 * MINUTE) {
      expect(await rollups()).toEqual(modelRollups(candles));
    }
  }
});
