import { describe, expect, it } from 'vitest';
import {
  countOpenTimes,
  INTERVALS,
  openTimeAt,
  parseInterval,
  stepOpenTime,
  UnknownIntervalError,
} from '../../../src/common/interval.js';

const at = (iso: string) => Date.parse(iso);

describe('openTimeAt', () => {
  it.each([
    ['1m', '2024-02-29T12:34:56.789Z', '2024-02-29T12:34:00Z'],
    ['15m', '2024-02-29T12:34:56.789Z', '2024-02-29T12:30:00Z'],
    ['4h', '2024-02-29T12:34:56.789Z', '2024-02-29T12:00:00Z'],
    ['1d', '2024-02-29T23:59:59.999Z', '2024-02-29T00:00:00Z'],
    ['3d', '1970-01-05T00:00:00Z', '1970-01-04T00:00:00Z'],
    ['1w', '2024-02-29T12:34:56Z', '2024-02-26T00:00:00Z'],
    ['1w', '2024-03-03T23:59:59.999Z', '2024-02-26T00:00:00Z'],
    ['1w', '2024-03-04T00:00:00Z', '2024-03-04T00:00:00Z'],
    ['1w', '1969-12-31T00:00:00Z', '1969-12-29T00:00:00Z'],
    ['1M', '2024-02-29T12:34:56Z', '2024-02-01T00:00:00Z'],
    ['1M', '1969-12-31T23:59:59.999Z', '1969-12-01T00:00:00Z'],
  ] as const)('%s at %s opened at %s', (interval, time, open) => {
    expect(openTimeAt(interval, at(time))).toBe(at(open));
  });
});

describe('months', () => {
  it.each([
    ['2024-01-01', 1, '2024-02-01'],
    ['2024-12-01', 1, '2025-01-01'],
    ['2024-03-01', -1, '2024-02-01'],
    ['2024-01-01', -13, '2022-12-01'],
    ['2024-01-01', 25, '2026-02-01'],
  ])('%s and %d steps is %s', (from, steps, to) => {
    expect(stepOpenTime('1M', at(from), steps)).toBe(at(to));
    expect(countOpenTimes('1M', at(from), at(to))).toBe(steps);
  });
});

describe('parseInterval', () => {
  it.each(INTERVALS)('knows %s', (interval) => {
    expect(parseInterval(interval)).toBe(interval);
  });

  it.each(['', '1', 'm', '2m', '1y', '1H', '1 m', '60', '01m', 'constructor'])('refuses %j', (text) => {
    expect(() => parseInterval(text)).toThrow(UnknownIntervalError);
  });

  it('tells months from minutes', () => {
    expect(parseInterval('1M')).not.toBe(parseInterval('1m'));
    expect(countOpenTimes('1m', at('2024-01-01'), at('2024-02-01'))).toBe(31 * 1440);
    expect(countOpenTimes('1M', at('2024-01-01'), at('2024-02-01'))).toBe(1);
  });
});
