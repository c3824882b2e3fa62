import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candle } from '../../../src/candles/candle.js';
import type { CoverageSpan } from '../../../src/candles/coverage.js';
import { RollupReader } from '../../../src/candles/rollup-reader.js';
import type { RollupQuery } from '../../../src/candles/rollup-on-demand.js';
import { ROLLUP_LEVELS, type RollupInterval } from '../../../src/candles/rollup.js';
import { candleAt, range } from '../../support/candles.js';
import { bucketOf, modelRollups, type ModelRollup } from '../../support/rollup-model.js';
import { openRollups } from '../../support/rollups.js';

const MINUTE = 60_000;
const INTERVALS = ROLLUP_LEVELS.map(({ interval }) => interval);
/** A Monday, the first of a month, and three days of the epoch. */
const START = Date.UTC(2024, 6, 1);
const at = (minute: number) => START + minute * MINUTE;
const candles = (minutes: readonly number[]) => minutes.map((minute) => candleAt(at(minute)));
const span = (from: number, to: number, state: CoverageSpan['state'] = 'have') => ({
  from: at(from),
  to: at(to),
  state,
});

async function openReader() {
  const test = await openRollups();
  const reader = new RollupReader(test.reader);
  const ask = (interval: RollupInterval, query: Partial<RollupQuery> = {}) =>
    reader.read({
      seriesId: test.series.id,
      interval,
      source: '1m',
      limit: 10_000,
      order: 'asc',
      closed: true,
      format: 'json',
      ...query,
    });
  const store = (minutes: readonly number[], spans: CoverageSpan[]) =>
    test.store.commit(
      test.lease,
      { series: test.series, candles: candles(minutes), spans },
      { lane: 'live' },
    );
  return { ...test, ask, keep: store };
}

const json = ({ open_time, open, high, low, close, volume }: ModelRollup) =>
  `[${[open_time, open, high, low, close, volume].join(',')}]`;
const model = (interval: RollupInterval, minutes: readonly Candle[]) => modelRollups(minutes, [interval]);

/** Two days and some minutes, without those of a few holes. */
const KEPT = range(0, 2 * 1440 + 47).filter(
  (minute) => minute % 331 !== 5 && !(minute > 500 && minute < 640) && minute !== 2879,
);

describe('the rollup reader', () => {
  it('pages through any window of any interval, in both orders, without repeating or skipping', async () => {
    const { ask, keep } = await openReader();
    await keep(KEPT, [span(0, 2927)]);
    const all = modelRollups(candles(KEPT));
    const bound = fc.option(fc.integer({ min: -100, max: 3000 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...INTERVALS),
        bound,
        bound,
        fc.integer({ min: 1, max: 400 }),
        fc.boolean(),
        async (interval, a, b, limit, ascending) => {
          fc.pre(a !== undefined || b !== undefined || !ascending);
          const [from, to] = [a === undefined ? a : at(a), b === undefined ? b : at(b)];
          const rows = all.filter(
            (row) =>
              row.interval === interval &&
              row.open_time >= (from ?? -Infinity) &&
              row.open_time < (to ?? Infinity),
          );
          const pages: string[] = [];
          const partial: number[] = [];
          let bounds = { from, to };
          for (;;) {
            const page = await ask(interval, { ...bounds, limit, order: ascending ? 'asc' : 'desc' });
            if (page.text.length > 0) pages.push(page.text.toString());
            partial.push(...page.partial);
            if (page.next === null) break;
            bounds = ascending ? { from: page.next, to } : { from, to: page.next };
          }
          expect(pages.join(',')).toBe((ascending ? rows : rows.toReversed()).map(json).join(','));
          const holes = rows.filter(({ open_time, minutes }) => {
            const [start, end] = bucketOf(interval, open_time);
            return minutes < (end - start) / MINUTE;
          });
          expect(partial.toSorted((x, y) => x - y)).toEqual(holes.map(({ open_time }) => open_time));
        },
      ),
      { numRuns: 80 },
    );
  });

  it('gives the newest that are over, ascending, when no bounds are named', async () => {
    const { ask, keep } = await openReader();
    await keep(KEPT, [span(0, 2927)]);
    const hours = model('1h', candles(KEPT));
    expect((await ask('1h', { limit: 3 })).text.toString()).toBe(hours.slice(-3).map(json).join(','));
    const nothing = { text: Buffer.alloc(0), next: null, full: false, forming: null };
    expect(await ask('1M')).toMatchObject({ ...nothing, partial: [] });
  });

  it('says of a candle that it is open until the last of its minutes has closed, in either order', async () => {
    const { ask, keep, store, lease, series } = await openReader();
    for (const minute of range(0, 12)) {
      const [candle] = candles([minute]);
      await store.saveForming(lease, series, candle!);
      for (const [interval, length] of [
        ['3m', 3],
        ['5m', 5],
      ] as const) {
        const open = at(minute - (minute % length));
        for (const order of ['asc', 'desc'] as const) {
          const newest = await ask(interval, { closed: false, order, limit: 2 });
          expect([minute, interval, order, newest.forming]).toEqual([minute, interval, order, open]);
        }
        const before = await ask(interval, { closed: false, to: open, from: 0 });
        expect(before.forming).toBeNull();
      }
      await keep([minute], [span(minute, minute + 1)]);
    }
  });

  it('calls no candle partial in which nothing was traded, or the market did not exist', async () => {
    const { ask, keep } = await openReader();
    const traded = range(20, 120).filter((minute) => minute !== 61 && minute !== 62 && minute !== 95);
    await keep(traded, [
      span(0, 20, 'unlisted'),
      span(20, 61),
      span(61, 63, 'empty'),
      span(63, 95),
      span(95, 96, 'missing'),
      span(96, 120),
    ]);
    expect((await ask('1h')).partial).toEqual([at(60)]);
    expect((await ask('30m')).partial).toEqual([at(90)]);
    expect((await ask('30m', { limit: 1, from: START })).partial).toEqual([]);
    await keep([], [span(95, 96, 'empty')]);
    expect((await ask('1h')).partial).toEqual([]);
  });

  it('ends the last candle of a market that is delisted, or of which no trade is known to be missing', async () => {
    const { ask, keep } = await openReader();
    await keep(range(0, 75), [span(0, 75)]);
    const starts = async (interval: RollupInterval) =>
      [...(await ask(interval)).text.toString().matchAll(/\[(\d+)/g)].map(([, time]) => Number(time));
    expect(await starts('1h')).toEqual([at(0)]);
    await keep([], [span(75, 120, 'missing')]);
    expect(await starts('1h')).toEqual([at(0)]);
    await keep([], [span(75, 100_000, 'delisted')]);
    expect(await starts('1h')).toEqual([at(0), at(60)]);
    expect(await starts('1M')).toEqual([at(0)]);
    const { text, partial } = await ask('1d');
    const [day] = model('1d', [...candles(range(0, 75)), candleAt(at(1440))]);
    expect([text.toString(), partial]).toEqual([json(day!), []]);
  });

  it('adds the candle that is still open when asked to, with the minute that is', async () => {
    const { ask, keep, store, lease, series, commit } = await openReader();
    await keep(range(0, 100), [span(0, 100)]);
    const open = (interval: RollupInterval, query = {}) => ask(interval, { closed: false, ...query });
    const all = (until: number) => [...candles(range(0, until)), candleAt(at(100_000))];
    expect((await open('1h')).text.toString()).toBe(model('1h', all(100)).slice(0, 2).map(json).join(','));
    await store.saveForming(lease, series, candleAt(at(100)));
    for (const interval of INTERVALS) {
      const expected = model(interval, all(101)).filter(({ open_time }) => open_time < at(101));
      const answer = await open(interval);
      expect(answer.text.toString()).toBe(expected.map(json).join(','));
      expect(answer.partial).toEqual([]);
      expect((await open(interval, { limit: 1, order: 'desc' })).text.toString()).toBe(
        json(expected.at(-1)!),
      );
    }
    // The minute 100 does not come: what is open has a hole, and the candle before it is not known to be over.
    await store.saveForming(lease, series, candleAt(at(120)));
    const late = await open('30m');
    expect(late.text.toString()).toBe(
      model('30m', [...candles([...range(0, 100), 120]), candleAt(at(100_000))])
        .slice(0, 5)
        .map(json)
        .join(','),
    );
    expect(late.partial).toEqual([at(90)]);
    await commit(candles([119]), 'live');
    expect((await ask('1h')).text.toString()).toBe(
      model('1h', candles([...range(0, 100), 119]))
        .map(json)
        .join(','),
    );
  });

  it('writes CSV lines', async () => {
    const { ask, keep } = await openReader();
    await keep(range(0, 120), []);
    const expected = model('1h', candles(range(0, 120)));
    expect((await ask('1h', { format: 'csv' })).text.toString()).toBe(
      expected.map((row) => json(row).slice(1, -1)).join('\n'),
    );
  });
});
