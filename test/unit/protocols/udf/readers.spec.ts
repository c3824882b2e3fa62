import { columnsOf } from '../../../support/udf-columns.js';
import { SystemClock } from '../../../../src/common/clock.js';
import { describe, expect, it } from 'vitest';
import { CandlePages } from '../../../../src/candles/candle-pages.js';
import { CandleReader } from '../../../../src/candles/candle-reader.js';
import type { CoverageState } from '../../../../src/candles/coverage.js';
import { RollupReader } from '../../../../src/candles/rollup-reader.js';
import { BarReader } from '../../../../src/protocols/udf/bar-reader.js';
import { MarkReader } from '../../../../src/protocols/udf/mark-reader.js';
import { marksOf, timescaleMarksOf } from '../../../../src/protocols/udf/marks.js';
import { candleAt, minutes, range } from '../../../support/candles.js';
import { openRollups } from '../../../support/rollups.js';

const MINUTE = 60_000;
const ALWAYS = { from: 0, to: 10_000 * MINUTE };

/** Everything about one market of which minutes are collected, with minutes since 1970 for times. */
async function openBars() {
  const { store, series, lease, reader, writer } = await openRollups();
  const pages = new CandlePages(new CandleReader(reader), new RollupReader(reader));
  const bars = new BarReader(pages, reader, new SystemClock());
  const cover = (from: number, to: number, state: CoverageState) =>
    store.commit(
      lease,
      { series, candles: [], spans: [{ from: from * MINUTE, to: to * MINUTE, state }] },
      { lane: 'live' },
    );
  const keep = (from: number, to: number) =>
    store.commit(
      lease,
      {
        series,
        candles: minutes(...range(from, to)),
        spans: [{ from: from * MINUTE, to: to * MINUTE, state: 'have' }],
      },
      { lane: 'live' },
    );
  const open = (minute: number) => store.saveForming(lease, series, candleAt(minute * MINUTE));
  const times = async (limit: number, rollup: '5m' | '1M' | null = null, to?: number) => {
    const { value } = await bars.read({ series, rollup }, { limit, to });
    return columnsOf(value)[0]!.map((t) => Number(t) / 60);
  };
  return { store, series, lease, writer, bars, marks: new MarkReader(reader), cover, keep, open, times };
}

describe('the two newest bars', () => {
  it('are the open one and its predecessor', async () => {
    const { keep, open, times } = await openBars();
    await keep(10, 20);
    expect(await times(2)).toEqual([18, 19]);
    await open(20);
    expect(await times(2)).toEqual([19, 20]);
  });

  it('leave the open one out until it is known what came right before it', async () => {
    const { keep, open, times } = await openBars();
    await keep(10, 20);
    await open(21);
    expect(await times(2)).toEqual([18, 19]);
    expect(await times(100)).toEqual(range(10, 20));
    await keep(20, 21);
    expect(await times(2)).toEqual([20, 21]);
  });

  it('have it where nothing was traded before it', async () => {
    const { keep, cover, open, times } = await openBars();
    await keep(10, 20);
    await open(22);
    await cover(20, 22, 'empty');
    expect(await times(2)).toEqual([19, 22]);
  });

  it('leave out a longer bar, too, of whose predecessor the last minute has not come', async () => {
    const { keep, open, times } = await openBars();
    await keep(10, 19);
    await open(20);
    expect(await times(2, '5m')).toEqual([10, 15]);
    await keep(19, 20);
    expect(await times(2, '5m')).toEqual([15, 20]);
  });

  it('have the one month of which there is something', async () => {
    const { keep, open, times } = await openBars();
    await keep(10, 20);
    await open(20);
    expect(await times(2, '1M')).toEqual([0]);
  });

  it('are none where there is nothing', async () => {
    const { open, bars, series } = await openBars();
    expect((await bars.read({ series, rollup: null }, { limit: 2 })).value.count).toBe(0);
    await open(20);
    expect((await bars.read({ series, rollup: null }, { limit: 2 })).value.count).toBe(0);
  });
});

it('reads on where a page of the database does not hold as many bars as are wanted', async () => {
  const { keep, open, times } = await openBars();
  await keep(10, 25_010);
  await open(25_010);
  expect(await times(24_000)).toEqual(range(1011, 25_011));
  expect(await times(50_000)).toEqual(range(10, 25_011));
  expect(await times(10_001, null, 20_000 * MINUTE)).toEqual(range(9999, 20_000));
});

describe('marks', () => {
  it('stand on what was not sent, and on what was changed', async () => {
    const { store, series, lease, keep, cover, marks } = await openBars();
    await keep(10, 20);
    await cover(20, 23, 'missing');
    await cover(23, 24, 'empty');
    await keep(24, 30);
    const [changed, ...others] = [12, 13].map((minute) => candleAt(minute * MINUTE, 7));
    await store.commit(lease, { series, candles: [changed!, ...others], spans: [] }, { lane: 'live' });

    const found = async (from: number, to: number, rollup: '5m' | null = null) => {
      const window = { from: from * MINUTE, to: to * MINUTE };
      const holes = await marks.spans(series.id, ['missing'], window);
      return marksOf(rollup, holes, await marks.revisions(series.id, window));
    };
    const all = await found(0, 100);
    expect(all.map(({ time, label }) => [time / 60, label])).toEqual([
      [12, 'R'],
      [13, 'R'],
      [20, 'M'],
    ]);
    expect(all[0]!.text).toContain('before: open 12.1, high 12.90000000000000000001,');
    expect(all[2]!.text).toContain('from 1970-01-01T00:20:00.000Z to before 1970-01-01T00:23:00.000Z');
    expect(new Set(all.map(({ id }) => id)).size).toBe(3);

    expect((await found(0, 100, '5m')).map(({ time }) => time / 60)).toEqual([10, 10, 20]);
    expect(await found(13, 20)).toEqual(all.slice(1));
    expect(await found(21, 100)).toEqual([]);
    expect(await found(20, 10)).toEqual([]);
  });

  it('are the newest 500 where there are more', async () => {
    const { series, writer, marks } = await openBars();
    await writer.query(
      `INSERT INTO coverage (series_id, from_time, to_time, state)
       SELECT ?, 120000 * value, 120000 * value + 60000, 'missing' FROM json_each(?)`,
      [series.id, JSON.stringify(range(0, 700))],
    );
    const holes = await marks.spans(series.id, ['missing'], ALWAYS);
    const shown = marksOf(null, holes, []);
    expect(shown).toHaveLength(500);
    expect([shown[0]!.time, shown.at(-1)!.time]).toEqual([200 * 120, 699 * 120]);
  });

  it('on the scale of time tell of beginning, holes and end', async () => {
    const { series, keep, cover, marks } = await openBars();
    await cover(0, 10, 'unlisted');
    await cover(10, 12, 'missing');
    await keep(12, 20);
    await cover(20, 30, 'delisted');
    const listing = await marks.listing(series.id, ALWAYS);
    const found = timescaleMarksOf(null, {
      holes: await marks.spans(series.id, ['missing'], ALWAYS),
      delisted: await marks.spans(series.id, ['delisted'], ALWAYS),
      listing,
      first: await marks.first(series.id),
    });
    expect(found.map(({ time, label }) => [time / 60, label])).toEqual([
      [10, 'M'],
      [10, 'L'],
      [12, 'B'],
      [20, 'D'],
    ]);
    for (const { tooltip } of found) expect(tooltip).toEqual([expect.stringMatching(/1970-01-01T00:[12]/)]);
    expect(await marks.listing(series.id, { from: 0, to: 9 * MINUTE })).toBeNull();
  });
});
