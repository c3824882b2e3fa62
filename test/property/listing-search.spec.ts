import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Window } from '../../src/candles/coverage.js';
import { openTimeAt, stepOpenTime, type Interval } from '../../src/common/interval.js';
import { listingSearch, type Listing, type ListingQuestion } from '../../src/collector/listing-search.js';

const DAY = 86_400_000;
const NOW = Date.UTC(2024, 5, 1);

type Answer = (window: Window, page: number) => number | null;

/** Runs a search against an exchange; counts the looks. */
function search(question: ListingQuestion, answer: Answer): { listing: Listing; looks: number } {
  const running = listingSearch(question);
  let step = running.next(null);
  let looks = 0;
  for (; !step.done; looks += 1) {
    const { from, to } = step.value;
    expect(from).toBeLessThan(to);
    expect(from).toBeGreaterThanOrEqual(0);
    step = running.next(answer(step.value, question.pageSize));
  }
  return { listing: step.value, looks };
}

/** Every candle since `listed`, but for outages. */
function exchange(
  interval: Interval,
  listed: number,
  outages: readonly Window[],
  sees: 'all' | 'a page',
): Answer {
  return (window, pageSize) => {
    const to =
      sees === 'all' ? window.to : Math.min(window.to, stepOpenTime(interval, window.from, pageSize));
    let oldest = Math.max(window.from, listed);
    for (const { from, to: end } of outages) if (oldest >= from && oldest < end) oldest = end;
    return oldest < to ? oldest : null;
  };
}

const intervals = fc.constantFrom<Interval>('1m', '1h', '1d');
const sees = fc.constantFrom('all' as const, 'a page' as const);

describe('the search for the listing date', () => {
  it('finds it in a number of looks that follows the logarithm of the age', () => {
    const age = fc.integer({ min: 0, max: 12 * 365 * 24 * 60 });
    fc.assert(
      fc.property(
        intervals,
        sees,
        age,
        fc.integer({ min: 10, max: 1000 }),
        (interval, kind, minutes, pageSize) => {
          const to = openTimeAt(interval, NOW);
          const from = openTimeAt(interval, Date.UTC(2010, 0, 1));
          const listed = openTimeAt(interval, NOW - minutes * 60_000);
          fc.pre(listed < to);
          const { listing, looks } = search(
            { interval, pageSize, from, to },
            exchange(interval, listed, [], kind),
          );
          expect(listing).toEqual({ kind: 'at', openTime: listed });
          const pages = 1 + (to - from) / (stepOpenTime(interval, 0, 1) * pageSize);
          expect(looks).toBeLessThanOrEqual(6 + 3 * Math.ceil(Math.log2(pages)));
        },
      ),
    );
  });

  it('takes no outage of two days for the beginning, wherever the known candles begin', () => {
    fc.assert(
      fc.property(sees, fc.integer({ min: 100, max: 1000 }), fc.nat(60), (kind, pageSize, daysAfter) => {
        const listed = NOW - 400 * DAY;
        const outage = { from: NOW - (62 + daysAfter) * DAY, to: NOW - (60 + daysAfter) * DAY };
        const question = { interval: '1m', pageSize, from: 0, to: outage.to } as const;
        const { listing } = search(question, exchange('1m', listed, [outage], kind));
        expect(listing).toEqual({ kind: 'at', openTime: listed });
      }),
    );
  });

  it('says nothing of a listing when history reaches back to where it is wanted from, or farther', () => {
    for (const kind of ['all', 'a page'] as const) {
      const question = { interval: '1m', pageSize: 1000, from: NOW - 300 * DAY, to: NOW } as const;
      expect(search(question, exchange('1m', NOW - 300 * DAY, [], kind)).listing).toEqual({ kind: 'older' });
      const hole = { from: NOW - 301 * DAY, to: NOW - 299 * DAY };
      expect(search(question, exchange('1m', 0, [hole], kind)).listing).toEqual({ kind: 'older' });
    }
  });

  it('looks twice at least, farther back than asked for if need be, before it says that nothing is there', () => {
    const question = { interval: '1m', pageSize: 1000, from: NOW - DAY / 4, to: NOW } as const;
    const nothing = search(question, () => null);
    expect(nothing).toEqual({ listing: { kind: 'none' }, looks: 4 });
    expect(search(question, exchange('1m', 0, [{ from: NOW - DAY, to: NOW }], 'a page')).listing).toEqual({
      kind: 'older',
    });
  });

  it('puts a date that is known from elsewhere to the proof', () => {
    const question = { interval: '1m', pageSize: 1000, from: 0, to: NOW, candidate: NOW - 50 * DAY } as const;
    const right = search(question, exchange('1m', NOW - 50 * DAY, [], 'a page'));
    expect(right.listing).toEqual({ kind: 'at', openTime: NOW - 50 * DAY });
    expect(right.looks).toBeLessThanOrEqual(10);
    const wrong = search(question, exchange('1m', NOW - 90 * DAY, [], 'a page'));
    expect(wrong.listing).toEqual({ kind: 'at', openTime: NOW - 90 * DAY });
  });

  it('comes to an end whatever the answers', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.boolean()), fc.integer({ min: 1, max: 20 }), (random, pageSize) => {
        const question = { interval: '1m', pageSize, from: NOW - 100 * DAY, to: NOW } as const;
        const { looks } = search(question, ({ from }) => (random.next().value ? from : null));
        expect(looks).toBeLessThan(400);
      }),
      { numRuns: 50 },
    );
  });
});
