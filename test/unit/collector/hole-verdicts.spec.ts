import { describe, expect, it } from 'vitest';
import type { CoverageSpan } from '../../../src/candles/coverage.js';
import { judgeHoles } from '../../../src/collector/hole-verdicts.js';

const MINUTE = 60_000;
const NOW = 100_000 * MINUTE;
const LONG_AGO = NOW - 60 * MINUTE;

const have = (from: number, to: number): CoverageSpan => ({
  from: from * MINUTE,
  to: to * MINUTE,
  state: 'have',
});
const hole = (from: number, to: number, asked = 1, askedAt = LONG_AGO): CoverageSpan => ({
  from: from * MINUTE,
  to: to * MINUTE,
  state: 'missing',
  asked,
  askedAt,
});
const empty = (from: number, to: number, asked: number): CoverageSpan => ({
  ...hole(from, to, asked, NOW),
  state: 'empty',
});

/** The answer to a request for `from` to `to`, with the candles of these minutes. */
function judge(
  known: readonly CoverageSpan[],
  [from, to]: readonly [number, number],
  came: readonly number[],
  { now = NOW, shown = Infinity, pageSize = 100 } = {},
) {
  return judgeHoles(known, {
    interval: '1m',
    window: { from: from * MINUTE, to: to * MINUTE },
    openTimes: came.map((minute) => minute * MINUTE),
    pageSize,
    now,
    shown,
  });
}

const KNOWN = (asked = 1, askedAt = LONG_AGO) => [have(10, 15), hole(15, 20, asked, askedAt), have(20, 30)];

describe('a hole that is asked for again', () => {
  it('is empty when the answer holds candles on both sides of it', () => {
    const { spans, confirmed, filled } = judge(KNOWN(), [14, 21], [14, 20]);
    expect(spans).toEqual([have(14, 15), empty(15, 20, 1), have(20, 21)]);
    expect([confirmed, filled]).toEqual([5, 0]);
  });

  it('is filled as far as candles come, and the rest judged by itself', () => {
    const { spans, confirmed, filled } = judge(KNOWN(), [14, 21], [14, 15, 17, 20]);
    expect(spans).toEqual([have(14, 16), empty(16, 17, 1), have(17, 18), empty(18, 20, 1), have(20, 21)]);
    expect([confirmed, filled]).toEqual([3, 2]);
  });

  it('stays missing with nothing on one side, asked for once more', () => {
    expect(judge(KNOWN(), [14, 21], [14]).spans).toEqual([have(14, 15), hole(15, 20, 2, NOW)]);
    expect(judge(KNOWN(), [14, 20], [14]).spans).toEqual([have(14, 15), hole(15, 20, 2, NOW)]);
    expect(judge(KNOWN(), [14, 21], []).spans).toEqual([hole(15, 20, 2, NOW)]);
  });

  const direct = [15, 20] as const;
  const shown = 14 * MINUTE;

  it('is empty when it was asked for twice before and nothing came again, while what is older did', () => {
    expect(judge(KNOWN(2), direct, [], { shown }).spans).toEqual([empty(15, 20, 1)]);
  });

  it('is not, when it was asked for only once before, or a moment ago, or the exchange has shown nothing older', () => {
    expect(judge(KNOWN(1), direct, [], { shown }).spans).toEqual([hole(15, 20, 2, NOW)]);
    expect(judge(KNOWN(2, NOW - 9 * MINUTE), direct, [], { shown }).spans).toEqual([]);
    expect(judge(KNOWN(2), direct, []).spans).toEqual([hole(15, 20, 3, NOW)]);
    expect(judge(KNOWN(2), direct, [], { shown: 15 * MINUTE }).spans).toEqual([hole(15, 20, 3, NOW)]);
  });

  it('is not, when the answer leaves out a candle that we have', () => {
    expect(judge(KNOWN(2), [15, 21], [], { shown }).spans).toEqual([hole(15, 20, 3, NOW)]);
    const between = [have(10, 15), hole(15, 20), have(20, 22), hole(22, 25), have(25, 30)];
    const { spans, lacking } = judge(between, [14, 26], [14, 25]);
    expect(spans.map(({ state }) => state)).toEqual(['have', 'missing', 'missing', 'have']);
    expect(lacking.map(({ from, to }) => [from / MINUTE, to / MINUTE])).toEqual([[20, 22]]);
  });

  it('is not, behind the last candle that the exchange has ever sent', () => {
    const tail = [have(10, 15), hole(15, 20, 2)];
    expect(judge(tail, direct, [], { shown }).spans).toEqual([hole(15, 20, 3, NOW)]);
  });

  it('is left to a request from its beginning on, where the answer may have stopped at it', () => {
    expect(judge(KNOWN(2), [14, 21], [14]).spans).toEqual([have(14, 15)]);
  });

  it('is not judged beyond what a page can hold', () => {
    const long = [have(10, 15), hole(15, 90), have(90, 95)];
    expect(judge(long, [14, 91], [14], { pageSize: 10 }).spans).toEqual([have(14, 15), hole(15, 24, 2, NOW)]);
    const full = judge(long, [14, 91], [14, 90], { pageSize: 2 });
    expect(full.spans).toEqual([have(14, 15), empty(15, 90, 1), have(90, 91)]);
  });

  it('that was called empty, or delisted before the market came back, stays so until its candles come', () => {
    for (const state of ['empty', 'delisted'] as const) {
      const known = [have(10, 15), { ...hole(15, 20, 3), state, askedAt: 0 }, have(20, 30)];
      const both = judge(known, [14, 21], [14, 20]);
      expect(both.spans[1]).toEqual({ ...hole(15, 20, 4, NOW), state });
      const part = judge(known, [14, 21], [14, 17, 20]);
      expect(part.spans.map((span) => [span.from / MINUTE, span.state])).toEqual([
        [14, 'have'],
        [15, state],
        [17, 'have'],
        [18, state],
        [20, 'have'],
      ]);
      expect([part.filled, part.confirmed]).toEqual([1, 0]);
      expect(judge(known, [14, 21], [14]).spans).toEqual([have(14, 15)]); // it may have stopped there
      expect(judge(known, direct, [], { shown }).spans).toEqual([{ ...hole(15, 20, 4, NOW), state }]);
    }
  });

  it('leaves alone what is outside of the life of a market, and what nobody has asked for yet', () => {
    const known = [{ ...have(0, 10), state: 'unlisted' as const }, have(10, 15), have(20, 30)];
    expect(judge(known, [5, 25], [10, 24]).spans).toEqual([have(10, 11), have(24, 25)]);
  });
});

describe('a hole for which something came that is no candle', () => {
  const answer = (openTime: number | null) => ({
    interval: '1m' as const,
    window: { from: 14 * MINUTE, to: 21 * MINUTE },
    openTimes: [14 * MINUTE, 20 * MINUTE],
    rejected: [{ openTime, reason: 'figure_unreadable' as const, payload: '' }],
    pageSize: 100,
    now: NOW,
    shown: Infinity,
  });

  it('is not empty there, although candles lie on both sides', () => {
    const { spans, confirmed } = judgeHoles(KNOWN(), answer(17 * MINUTE));
    expect(spans.slice(1, -1)).toEqual([empty(15, 17, 1), hole(17, 18, 2, NOW), empty(18, 20, 1)]);
    expect(confirmed).toBe(4);
  });

  it('is not empty anywhere when it cannot be told for which time it came', () => {
    for (const openTime of [null, 17_000_000 * MINUTE]) {
      expect(judgeHoles(KNOWN(), answer(openTime)).spans.slice(1, -1)).toEqual([hole(15, 20, 2, NOW)]);
    }
  });
});
