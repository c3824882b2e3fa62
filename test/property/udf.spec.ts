import { columnsOf } from '../support/udf-columns.js';
import { ManualClock } from '../support/fixtures/manual-clock.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CandlePages } from '../../src/candles/candle-pages.js';
import { CandleReader } from '../../src/candles/candle-reader.js';
import { RollupReader } from '../../src/candles/rollup-reader.js';
import type { CandleSource } from '../../src/candles/series.js';
import { BarReader, type BarWindow } from '../../src/protocols/udf/bar-reader.js';
import { candleAt, minutes, range } from '../support/candles.js';
import { openRollups } from '../support/rollups.js';

const MINUTE = 60_000;
const END = 700;
/** Single minutes and a long stretch are not there; the last is still open. */
const KEPT = range(100, END).filter((minute) => minute % 7 !== 0 && (minute < 300 || minute > 420));

/** One bar, its figures as they are written. */
type Bar = readonly string[];

async function openBars() {
  const { store, series, lease, commit, reader } = await openRollups();
  await commit(minutes(...KEPT));
  const spans = [{ from: 100 * MINUTE, to: END * MINUTE, state: 'have' as const }];
  await store.commit(lease, { series, candles: [], spans }, { lane: 'live' });
  await store.saveForming(lease, series, candleAt(END * MINUTE));
  const bars = new BarReader(
    new CandlePages(new CandleReader(reader), new RollupReader(reader)),
    reader,
    new ManualClock(END * MINUTE),
  );
  const sources: CandleSource[] = [
    { series, rollup: null },
    { series, rollup: '5m' },
    { series, rollup: '2h' },
  ];
  const read = async (source: CandleSource, window: BarWindow): Promise<Bar[]> => {
    const { value: found } = await bars.read(source, window);
    if (found.count === 0) return [];
    const columns = columnsOf(found);
    for (const column of columns) expect(column).toHaveLength(found.count);
    return columns[0]!.map((_, index) => columns.map((column) => column[index]!));
  };
  return { sources, read };
}

const minute = fc.integer({ min: 0, max: END + 100 });
const source = fc.integer({ min: 0, max: 2 });

describe('bars', () => {
  it('are the same in many short answers as in a long one, wherever these are cut', async () => {
    const { sources, read } = await openBars();
    await fc.assert(
      fc.asyncProperty(source, fc.array(minute, { minLength: 2, maxLength: 8 }), async (which, cuts) => {
        const ends = cuts.toSorted((a, b) => a - b).map((at) => at * MINUTE);
        const long = await read(sources[which]!, { from: ends[0]!, to: ends.at(-1)!, limit: 50_000 });
        const short: Bar[] = [];
        for (const [index, to] of ends.slice(1).entries()) {
          short.push(...(await read(sources[which]!, { from: ends[index]!, to, limit: 50_000 })));
        }
        expect(short).toEqual(long);
      }),
      { numRuns: 60 },
    );
  });

  it('come as many as were counted, up to the beginning of the history, and the same ones however they are counted', async () => {
    const { sources, read } = await openBars();
    const whole = await Promise.all(sources.map((one) => read(one, { limit: 50_000 })));
    const counts = fc.array(fc.integer({ min: 1, max: 150 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(source, minute, counts, async (which, end, counts) => {
        const before = whole[which]!.filter(([t]) => Number(t) * 1000 < end * MINUTE);
        let got: Bar[] = [];
        let to = end * MINUTE;
        for (const limit of counts) {
          const found = await read(sources[which]!, { to, limit });
          expect(found).toHaveLength(Math.min(limit, before.length - got.length));
          got = [...found, ...got];
          if (found.length > 0) to = Number(found[0]![0]) * 1000;
        }
        expect(got).toEqual(got.length === 0 ? [] : before.slice(-got.length));
      }),
      { numRuns: 60 },
    );
  });

  it('have every digit of the candles', async () => {
    const { sources, read } = await openBars();
    const found = await read(sources[0]!, { limit: 50_000 });
    const expected = [...minutes(...KEPT), candleAt(END * MINUTE)].map(({ openTime, ...figures }) => [
      String(openTime / 1000),
      figures.open,
      figures.high,
      figures.low,
      figures.close,
      figures.volume,
    ]);
    expect(found).toEqual(expected);
  });
});
