import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candle } from '../../../src/candles/candle.js';
import { CandleReader, type CandleQuery } from '../../../src/candles/candle-reader.js';
import { SeriesReader } from '../../../src/candles/series-reader.js';
import { SystemClock } from '../../../src/common/clock.js';
import { SqliteCandleStore } from '../../../src/candles/sqlite-candle-store.js';
import { ManualClock } from '../../support/fixtures/manual-clock.js';
import { candleAt, minutes, range } from '../../support/candles.js';
import { openTestLocks } from '../../support/locks.js';

const MINUTE = 60_000;
/** Minutes 10 to 59, without some. */
const KEPT = range(10, 60).filter((minute) => minute % 7 !== 0 && ![20, 22, 23, 24].includes(minute));

async function openReader() {
  const { writer, reader, locks } = await openTestLocks();
  const store = new SqliteCandleStore(writer, reader, locks, new SystemClock());
  const series = await store.ensureSeries('x', 'A/B', '1m');
  const other = await store.ensureSeries('x', 'C/D', '1m');
  const lease = (await locks.acquire('series'))!;
  const spans = KEPT.map((at) => ({ from: at * MINUTE, to: (at + 1) * MINUTE, state: 'have' as const }));
  await store.commit(lease, { series, candles: minutes(...KEPT), spans }, { lane: 'live' });
  await store.commit(lease, { series: other, candles: minutes(15, 70), spans: [] }, { lane: 'live' });
  const bytes = new CandleReader(reader);
  const candles = {
    read: async (asked: CandleQuery) => {
      const { text, next } = await bytes.read(asked);
      return { text: text.toString(), next };
    },
  };
  const summaries = new SeriesReader(reader, new ManualClock(100 * MINUTE));
  const query: CandleQuery = { seriesId: series.id, limit: 1000, order: 'asc', closed: true, format: 'json' };
  return { store, series, other, lease, candles, summaries, query };
}

const json = ({ openTime, open, high, low, close, volume }: Candle) =>
  `[${[openTime, open, high, low, close, volume].join(',')}]`;
const text = (indices: readonly number[]) =>
  minutes(...indices)
    .map(json)
    .join(',');

describe('the candle reader', () => {
  it('pages through any window, in both orders, without repeating or skipping', async () => {
    const { candles, query } = await openReader();
    const bound = fc.option(fc.integer({ min: 0, max: 70 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(
        bound,
        bound,
        fc.integer({ min: 1, max: 60 }),
        fc.boolean(),
        async (a, b, limit, ascending) => {
          fc.pre(a !== undefined || b !== undefined || !ascending);
          const [from, to] = [a && a * MINUTE, b && b * MINUTE];
          const expected = KEPT.filter((at) => at >= (a ?? 0) && at < (b ?? 100));
          const pages: string[] = [];
          let bounds: { from?: number | undefined; to?: number | undefined } = { from, to };
          for (;;) {
            const page = await candles.read({
              ...query,
              ...bounds,
              limit,
              order: ascending ? 'asc' : 'desc',
            });
            if (page.text) pages.push(page.text);
            if (page.next === null) break;
            bounds = ascending ? { from: page.next, to } : { from, to: page.next };
          }
          expect(pages.join(',')).toBe(text(ascending ? expected : expected.toReversed()));
          expect(pages.length).toBe(Math.ceil(expected.length / limit));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives the newest, ascending, when no bounds are named', async () => {
    const { candles, query } = await openReader();
    expect(await candles.read({ ...query, limit: 3 })).toEqual({ text: text(KEPT.slice(-3)), next: null });
    expect(await candles.read(query)).toEqual({ text: text(KEPT), next: null });
  });

  it('gives nothing, and no next, where nothing is', async () => {
    const { candles, query } = await openReader();
    const nothing = { text: '', next: null };
    expect(await candles.read({ ...query, from: 60 * MINUTE })).toEqual(nothing);
    expect(await candles.read({ ...query, to: 10 * MINUTE, order: 'desc' })).toEqual(nothing);
    expect(await candles.read({ ...query, from: 11 * MINUTE, to: 11 * MINUTE })).toEqual(nothing);
  });

  it('adds the forming candle when asked to, in its place, until a closed one has caught up', async () => {
    const { candles, query, store, series, lease } = await openReader();
    const open = { ...query, closed: false, limit: 2 };
    await store.saveForming(lease, series, candleAt(60 * MINUTE));
    expect((await candles.read({ ...query, limit: 1 })).text).toBe(text([59]));
    expect(await candles.read(open)).toEqual({ text: text([59, 60]), next: null });
    expect(await candles.read({ ...open, order: 'desc' })).toEqual({
      text: text([60, 59]),
      next: 59 * MINUTE,
    });
    expect(await candles.read({ ...open, from: 58 * MINUTE })).toEqual({
      text: text([58, 59]),
      next: 60 * MINUTE,
    });
    expect(await candles.read({ ...open, from: 60 * MINUTE })).toEqual({ text: text([60]), next: null });
    await store.commit(lease, { series, candles: [candleAt(60 * MINUTE, 1)], spans: [] }, { lane: 'live' });
    expect((await candles.read({ ...open, limit: 1 })).text).toBe(json(candleAt(60 * MINUTE, 1)));
  });

  it('writes CSV lines', async () => {
    const { candles, query } = await openReader();
    const { text: csv } = await candles.read({ ...query, limit: 2, format: 'csv' });
    expect(csv).toBe(
      minutes(...KEPT.slice(-2))
        .map((candle) => json(candle).slice(1, -1))
        .join('\n'),
    );
  });

  it('sums a series up from its coverage', async () => {
    const { summaries, series, other } = await openReader();
    const missing = 99 - 10 - KEPT.length; // to the candle that closed a minute ago
    expect(await summaries.list()).toEqual([
      {
        ...series,
        state: 'active',
        first: 10 * MINUTE,
        last: 59 * MINUTE,
        count: KEPT.length,
        lag: 40 * MINUTE,
        completeness: KEPT.length / (KEPT.length + missing),
        missing,
        gaps: 8,
        revisions: 0,
        quarantined: 0,
      },
      {
        ...other,
        state: 'active',
        first: null,
        last: null,
        count: 0,
        lag: null,
        completeness: null,
        missing: 0,
        gaps: 0,
        revisions: 0,
        quarantined: 0,
      },
    ]);
    expect(await summaries.get(series.id)).toMatchObject({ count: KEPT.length });
    await expect(summaries.get(99)).rejects.toMatchObject({ code: 'SERIES_NOT_KEPT' });
  });

  it('says which part of a name is not kept', async () => {
    const { summaries, series, store } = await openReader();
    expect(await summaries.find('x', 'A/B', '1m')).toEqual({
      series: { ...series, anchor: 0 },
      rollup: null,
    });
    await expect(summaries.find('y', 'A/B', '1m')).rejects.toMatchObject({ code: 'EXCHANGE_NOT_KEPT' });
    await expect(summaries.find('x', 'Z/B', '1m')).rejects.toMatchObject({ code: 'SYMBOL_NOT_KEPT' });
    await store.ensureSeries('x', 'H/H', '1h');
    await expect(summaries.find('x', 'H/H', '30m')).rejects.toMatchObject({ code: 'INTERVAL_NOT_KEPT' });
  });

  it('answers with rollups where nobody collects the interval, and with the collected series where somebody does', async () => {
    const { summaries, series, store } = await openReader();
    const hours = await store.ensureSeries('x', 'A/B', '1h');
    expect(await summaries.find('x', 'A/B', '5m')).toEqual({ series, rollup: '5m' });
    expect(await summaries.find('x', 'A/B', '1h')).toEqual({ series: { ...hours, anchor: 0 }, rollup: null });
  });
});
