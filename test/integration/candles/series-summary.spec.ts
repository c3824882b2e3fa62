import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CoverageSpan, CoverageState } from '../../../src/candles/coverage.js';
import { selectSummaries } from '../../../src/candles/series-summary.js';
import { SeriesReader } from '../../../src/candles/series-reader.js';
import { SqliteCandleStore } from '../../../src/candles/sqlite-candle-store.js';
import { SystemClock } from '../../../src/common/clock.js';
import { openTimeAt, stepOpenTime, type Interval } from '../../../src/common/interval.js';
import { ManualClock } from '../../support/fixtures/manual-clock.js';
import { openTestLocks } from '../../support/locks.js';

const NOW = Date.UTC(2024, 5, 15, 12, 30, 10);

async function open(now = NOW) {
  const { writer, reader, locks } = await openTestLocks();
  const store = new SqliteCandleStore(writer, reader, locks, new SystemClock());
  const summaries = new SeriesReader(reader, new ManualClock(now));
  const lease = (await locks.acquire('series'))!;
  let made = 0;
  /** A series of which this is known, from the open time `cells` before the newest closed candle on. */
  const keep = async (interval: Interval, cells: readonly Known[], { history = 0 } = {}) => {
    const series = await store.ensureSeries('x', `A${(made += 1)}/B`, interval);
    const at = (index: number) => stepOpenTime(interval, openTimeAt(interval, now), index - cells.length);
    const spans = cells.flatMap((state, index): CoverageSpan[] =>
      state === null ? [] : [{ from: at(index), to: at(index + 1), state }],
    );
    const milestones = history > 0 ? { historyFrom: at(-history) } : {};
    await store.commit(lease, { series, candles: [], spans }, { lane: 'live', milestones });
    return summaries.get(series.id);
  };
  return { writer, reader, keep, summaries };
}

type Known = CoverageState | null;
const known = fc.constantFrom<Known>(
  'have',
  'have',
  'have',
  'missing',
  'empty',
  'unlisted',
  'delisted',
  null,
);
const interval = fc.constantFrom<Interval>('1m', '1h', '1d', '1w', '1M');

/** The same, cell by cell. */
function model(all: readonly Known[], history: number) {
  const first = all.findIndex((state) => state !== null);
  let cells = [...Array.from({ length: history }, () => null), ...all.slice(history > 0 ? 0 : first)];
  if (first < 0 && history === 0) cells = [];
  // Nothing is wanted after the end of a market.
  const last = cells.findLast((state) => state !== null);
  if (last === 'delisted' || last === 'unlisted') {
    const end = cells.findLastIndex((state) => state !== null && state !== last);
    const beginsAt = cells.findIndex((state, index) => index > end && state === last);
    cells = cells.slice(0, beginsAt);
    // A stretch that nobody has asked for may lie between two spans of the same state.
    const lastFrom = all.findLastIndex((state, index) => state === last && all[index - 1] !== last);
    cells = [...Array.from({ length: history }, () => null), ...all.slice(history > 0 ? 0 : first)].slice(
      0,
      history > 0 ? lastFrom + history : lastFrom - first,
    );
  }
  const count = cells.filter((state) => state === 'have').length;
  const wanting = cells.map((state) => state === null || state === 'missing');
  const missing = wanting.filter(Boolean).length;
  const gaps = wanting.filter((yes, index) => yes && !wanting[index - 1]).length;
  return { count, missing, gaps, completeness: count + missing === 0 ? null : count / (count + missing) };
}

describe('the summary of a series', () => {
  it('counts as the cell-by-cell model does, at every kind of interval', async () => {
    // A while after the boundary, so that the newest closed candle is due.
    const { keep } = await open(NOW + 3_600_000 - 600_000);
    const cells = fc.array(known, { minLength: 1, maxLength: 24 });
    await fc.assert(
      fc.asyncProperty(interval, cells, fc.nat(3), async (kind, all, history) => {
        // One-minute candles are due a minute after they closed.
        const due = kind === '1m' ? [...all, 'have' as const] : all;
        const summary = await keep(kind, due, { history });
        expect(summary).toMatchObject(model(due, history));
      }),
      { numRuns: 120 },
    );
  });

  it('does not miss a candle that closed less than a minute ago, and misses it then', async () => {
    const { keep } = await open(Date.UTC(2024, 5, 15, 12, 30, 10));
    expect(await keep('1m', ['have', 'have', null])).toMatchObject({ missing: 0, completeness: 1 });
    expect(await keep('1m', ['have', null, null])).toMatchObject({ missing: 1, completeness: 0.5 });
  });

  it('counts what was wanted and never came, and never says more than 1 or complete of what is not', async () => {
    const { keep } = await open();
    expect(await keep('1h', [null], { history: 9 })).toMatchObject({ count: 0, completeness: 0, gaps: 1 });
    const almost = [
      ...Array.from({ length: 5000 }, (): Known => 'have'),
      'missing' as const,
      'have' as const,
    ];
    const { completeness } = await keep('1h', almost);
    expect(completeness).toBeGreaterThan(0.999);
    expect(completeness).toBeLessThan(1);
  });

  it('"what data exists?" in the time of the coverage, whatever the number of candles (jesse 618)', async () => {
    const { reader, writer, keep, summaries } = await open();
    await keep('1h', ['have', 'missing', 'have']);
    for (const one of [true, false]) {
      const plan = await reader.query<Array<{ detail: string }>>(
        `EXPLAIN QUERY PLAN ${selectSummaries({ one })}`,
        one ? [1, 1] : [],
      );
      const details = plan.map(({ detail }) => detail).join('\n');
      expect(details).toMatch(/coverage/);
      expect(details).not.toMatch(/candle/);
      expect(details, 'rows of coverage come in their order').not.toMatch(/TEMP B-TREE/);
      if (one) expect(details).toMatch(/SEARCH coverage USING PRIMARY KEY \(series_id=\?\)/);
    }
    // Were the candles counted, the database would not answer.
    await writer.query('ALTER TABLE candle RENAME TO elsewhere');
    expect(await summaries.list()).toMatchObject([{ count: 2, missing: 1, gaps: 1 }]);
  });
});
