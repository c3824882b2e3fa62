import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  anchorOf,
  countOpenTimes,
  firstOpenTimeFrom,
  gridOf,
  INTERVALS,
  isOnGrid,
  openTimeAt,
  stepOpenTime,
} from '../../src/common/interval.js';

/** From 1900 to 2200, before and after 1970. */
const times = fc.integer({ min: Date.UTC(1900, 0), max: Date.UTC(2200, 0) });
const intervals = fc.constantFrom(...INTERVALS);
const steps = fc.integer({ min: -500, max: 500 });

describe('every interval', () => {
  it('holds each point in time in exactly one candle', () => {
    fc.assert(
      fc.property(intervals, times, (interval, time) => {
        const open = openTimeAt(interval, time);
        expect(open).toBeLessThanOrEqual(time);
        expect(stepOpenTime(interval, open, 1)).toBeGreaterThan(time);
        expect(isOnGrid(interval, open)).toBe(true);
        expect(isOnGrid(interval, time)).toBe(open === time);
      }),
    );
  });

  it('steps from open time to open time, there and back', () => {
    fc.assert(
      fc.property(intervals, times, steps, (interval, time, count) => {
        const open = openTimeAt(interval, time);
        const moved = stepOpenTime(interval, open, count);
        expect(isOnGrid(interval, moved)).toBe(true);
        expect(stepOpenTime(interval, moved, -count)).toBe(open);
        expect(countOpenTimes(interval, open, moved)).toBe(count);
      }),
    );
  });

  it('steps one by one as far as at once', () => {
    fc.assert(
      fc.property(intervals, times, fc.nat(40), (interval, time, count) => {
        let open = openTimeAt(interval, time);
        const expected = stepOpenTime(interval, open, count);
        for (let step = 0; step < count; step += 1)
          open = openTimeAt(interval, stepOpenTime(interval, open, 1));
        expect(open).toBe(expected);
      }),
    );
  });

  it('has its first open time from a point on within one candle', () => {
    fc.assert(
      fc.property(intervals, times, (interval, time) => {
        const first = firstOpenTimeFrom(interval, time);
        expect(isOnGrid(interval, first)).toBe(true);
        expect(first).toBeGreaterThanOrEqual(time);
        expect(stepOpenTime(interval, first, -1)).toBeLessThan(time);
      }),
    );
  });
});

describe('the calendar', () => {
  it('opens months on the first at midnight UTC', () => {
    fc.assert(
      fc.property(times, steps, (time, count) => {
        const date = new Date(stepOpenTime('1M', openTimeAt('1M', time), count));
        expect(date.toISOString().slice(8)).toBe('01T00:00:00.000Z');
        expect(openTimeAt('1M', time)).toBe(Date.parse(`${new Date(time).toISOString().slice(0, 7)}-01`));
      }),
    );
  });

  it('opens weeks on a Monday at midnight UTC', () => {
    fc.assert(
      fc.property(times, (time) => {
        const open = new Date(openTimeAt('1w', time));
        expect([open.getUTCDay(), open.getTime() % 86_400_000]).toEqual([1, expect.closeTo(0)]);
      }),
    );
  });
});

describe('a grid that has been moved', () => {
  const HOUR = 3_600_000;
  const daily = fc.constantFrom('1d', '3d', '1w', '1M' as const);
  const anchors = fc.integer({ min: -11, max: 12 }).map((hours) => hours * HOUR);

  it('is the own grid, moved: what opens, how far it is, how many there are', () => {
    fc.assert(
      fc.property(daily, anchors, times, steps, (interval, anchor, time, count) => {
        const grid = gridOf({ interval, anchor });
        const open = openTimeAt(grid, time);
        expect(open).toBeLessThanOrEqual(time);
        const moved = stepOpenTime(grid, open, count);
        expect(moved - anchor).toBe(stepOpenTime(interval, open - anchor, count));
        expect(countOpenTimes(grid, open, moved)).toBe(count);
        expect(stepOpenTime(grid, open, 1)).toBeGreaterThan(time);
        expect(isOnGrid(grid, moved)).toBe(true);
        expect(firstOpenTimeFrom(grid, moved)).toBe(moved);
        expect(anchorOf(interval, moved)).toBe(anchorOf(interval, open));
      }),
    );
  });

  it('is found from any of its open times', () => {
    fc.assert(
      fc.property(daily, anchors, times, (interval, anchor, time) => {
        expect(anchorOf(interval, openTimeAt(interval, time) + anchor)).toBe(anchor);
      }),
    );
  });
});
