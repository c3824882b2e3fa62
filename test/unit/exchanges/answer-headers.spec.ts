import { describe, expect, it } from 'vitest';
import { parseAge, parseHttpDate, parseRetryAfter } from '../../../src/exchanges/answer-headers.js';

const NOW = Date.UTC(2024, 0, 1);

describe('parseRetryAfter', () => {
  it.each([
    ['30', 30_000],
    [' 0 ', 0],
    ['1.5', 1500],
    ['Mon, 01 Jan 2024 00:01:00 GMT', 60_000],
    ['Sun, 31 Dec 2023 00:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s → %s ms', (header, expected) => {
    expect(parseRetryAfter(header, NOW)).toBe(expected);
  });
});

describe('parseHttpDate', () => {
  it('reads a Date header', () => {
    expect(parseHttpDate('Mon, 01 Jan 2024 00:00:00 GMT')).toBe(NOW);
    expect(parseHttpDate('yesterday')).toBeUndefined();
    expect(parseHttpDate(undefined)).toBeUndefined();
  });
});

describe('parseAge', () => {
  it.each([
    ['17', 17_000],
    [' 0 ', 0],
    ['-5', 0],
    ['old', 0],
    [undefined, 0],
  ])('%s → %i ms', (header, expected) => {
    expect(parseAge(header)).toBe(expected);
  });
});
