import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeSpans, spansOfAnswer, type CoverageSpan, type Window } from '../../src/candles/coverage.js';
import { firstOpenTimeFrom, INTERVALS, openTimeAt, stepOpenTime } from '../../src/common/interval.js';
import {
  backfillWindow,
  endOfKnown,
  historyStart,
  syncRealm,
  syncWindow,
} from '../../src/collector/collection-plan.js';

const MINUTE = 60_000;

/** An exchange that has some minutes and not others, and sends pages of at most `pageSize`. */
function answer(has: readonly boolean[], { from, to }: Window, pageSize: number): number[] {
  const openTimes: number[] = [];
  for (let at = from; at < to && openTimes.length < pageSize; at += MINUTE) {
    if (has[at / MINUTE]) openTimes.push(at);
  }
  return openTimes;
}

describe('the collection plan', () => {
  it('ends, having asked for everything once, with what the exchange has and the rest known to be missing', () => {
    const exchange = fc.array(fc.boolean(), { minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(exchange, fc.integer({ min: 1, max: 17 }), fc.nat(59_999), (has, pageSize, offset) => {
        const now = has.length * MINUTE + offset;
        const plan = { interval: '1m', pageSize, start: 0 } as const;
        let spans: CoverageSpan[] = [];
        const asked: number[] = [];

        const first = syncWindow(spans, { ...plan, now });
        const last = first ? answer(has, first, pageSize).at(-1) : undefined;
        if (first && last !== undefined) {
          const window = { from: first.from, to: last + MINUTE };
          spans = mergeSpans(spans, spansOfAnswer('1m', window, answer(has, first, pageSize)));
        }
        for (;;) {
          const before = syncRealm(spans, { ...plan, now });
          const window = backfillWindow(spans, { ...plan, before });
          if (!window) break;
          expect((window.to - window.from) / MINUTE).toBeLessThanOrEqual(pageSize);
          const openTimes = answer(has, window, pageSize);
          asked.push(...openTimes);
          const to = openTimes.length > 0 ? openTimes.at(-1)! + MINUTE : window.to;
          spans = mergeSpans(spans, spansOfAnswer('1m', { from: window.from, to }, openTimes));
        }

        expect(new Set(asked).size).toBe(asked.length);
        const end = (endOfKnown(spans) ?? 0) / MINUTE;
        const expected = spansOfAnswer(
          '1m',
          { from: 0, to: end * MINUTE },
          has.slice(0, end).flatMap((yes, index) => (yes ? [index * MINUTE] : [])),
        );
        expect(spans).toEqual(expected);
        expect(has.slice(end).includes(true) && last !== undefined).toBe(false);
      }),
    );
  });

  it('syncs at most a page, counted from the end, and leaves the gap before it to backfill', () => {
    const spans: CoverageSpan[] = [{ from: 0, to: 10 * MINUTE, state: 'have' }];
    const plan = { interval: '1m', pageSize: 5, start: 0 } as const;
    expect(syncWindow(spans, { ...plan, now: 100 * MINUTE + 1 })).toEqual({
      from: 95 * MINUTE,
      to: 100 * MINUTE,
    });
    // From the second newest that we have: both are read again.
    expect(syncWindow(spans, { ...plan, now: 12 * MINUTE })).toEqual({ from: 8 * MINUTE, to: 12 * MINUTE });
    expect(syncWindow(spans, { ...plan, now: 14 * MINUTE })).toEqual({ from: 9 * MINUTE, to: 14 * MINUTE });
    expect(syncWindow(spans, { ...plan, now: 10 * MINUTE + 59_999 })).toBeNull();
  });

  it('starts history at the first open time that the span or the date allows', () => {
    expect(historyStart({ spanMs: 190_000 }, '1m', 10 * MINUTE)).toBe(7 * MINUTE);
    expect(historyStart({ since: 61_000 }, '1m', 10 * MINUTE)).toBe(2 * MINUTE);
    expect(historyStart({ since: Date.UTC(2024, 0, 15) }, '1M', 0)).toBe(Date.UTC(2024, 1, 1));
  });

  it('wants the last two candles that have closed, of months too, however short the span and the retention', () => {
    const now = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2030, 0, 1) });
    const span = fc.integer({ min: 1, max: 400 * 1440 }).map((minutes) => minutes * MINUTE);
    const keep = fc.option(fc.integer({ min: 1, max: 400 }).map((days) => days * 1440 * MINUTE));
    fc.assert(
      fc.property(fc.constantFrom(...INTERVALS), now, span, keep, (interval, time, spanMs, keepMs) => {
        const start = historyStart({ spanMs }, interval, time, keepMs);
        const closed = stepOpenTime(interval, openTimeAt(interval, time), -2);
        expect(start).toBeLessThanOrEqual(closed);
        const wanted = firstOpenTimeFrom(interval, Math.max(time - spanMs, time - (keepMs ?? Infinity)));
        expect(start).toBe(Math.min(wanted, closed));
        expect(syncWindow([], { interval, pageSize: 1000, now: time, start })).not.toBeNull();
      }),
    );
  });

  it('lets backfill walk through what lies between an old page and now, also while sync has not come yet', () => {
    const plan = { interval: '1m', pageSize: 10, now: 100 * MINUTE, start: 0 } as const;
    const old: CoverageSpan[] = [{ from: 0, to: 10 * MINUTE, state: 'have' }];
    const before = syncRealm(old, plan);
    expect(backfillWindow(old, { ...plan, before })).toEqual({ from: 80 * MINUTE, to: 90 * MINUTE });
  });
});
