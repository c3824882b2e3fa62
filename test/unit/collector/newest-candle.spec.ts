import { describe, expect, it } from 'vitest';
import type { Candle } from '../../../src/candles/candle.js';
import type { Grid } from '../../../src/common/interval.js';
import { NewestCandle } from '../../../src/collector/newest-candle.js';

const MINUTE = 60_000;
const OPEN = Date.UTC(2024, 0, 1, 12);

const at = (changes: Partial<Candle> = {}): Candle => ({
  openTime: OPEN,
  open: '10',
  high: '12',
  low: '9',
  close: '11',
  volume: '5',
  ...changes,
});
const now = (ms = 0, grid: Grid = '1m') => ({ grid, now: OPEN + 10_000 + ms, monotonic: ms });

describe('the newest candle', () => {
  it('takes what comes in order, and tells where the next candle begins', () => {
    const newest = new NewestCandle();
    expect(newest.take(at(), now())).toBe('same');
    expect(newest.take(at({ volume: '6', high: '13' }), now(1))).toBe('same');
    expect(newest.take(at({ openTime: OPEN + MINUTE, volume: '0.1' }), now(MINUTE))).toBe('next');
  });

  it.each([
    ['of an earlier candle', { openTime: OPEN - MINUTE, volume: '99' }],
    ['with less volume', { volume: '4.9' }],
    ['with a lower high', { high: '11.5', volume: '5' }],
    ['with a higher low', { low: '9.5', volume: '5' }],
  ])('does not fall back to an update %s', (_, changes) => {
    const newest = new NewestCandle();
    newest.take(at(), now());
    expect(newest.take(at(changes), now(100))).toBe('stale');
  });

  it('takes a duplicate for what it is', () => {
    const newest = new NewestCandle();
    newest.take(at(), now());
    expect(newest.take(at(), now(1))).toBe('same');
  });

  it('believes a correction that is repeated once nothing newer has come for a while', () => {
    const newest = new NewestCandle();
    newest.take(at(), now());
    expect(newest.take(at({ volume: '4' }), now(4999))).toBe('stale');
    expect(newest.take(at({ volume: '4' }), now(5000))).toBe('same');
  });

  it('takes the last word on a candle after its end, but none that is older', () => {
    expect(new NewestCandle().take(at(), now(MINUTE))).toBe('same');
    expect(new NewestCandle().take(at(), now(2 * MINUTE))).toBe('stale');
  });

  it.each([
    ['off the grid', { openTime: OPEN + 1 }],
    ['of the future', { openTime: OPEN + 2 * MINUTE }],
    ['of no price', { open: '0', low: '0' }],
    ['whose close is above its high', { close: '12.1' }],
    ['whose open is below its low', { open: '8.9' }],
    ['of negative volume', { volume: '-1' }],
    ['whose figures are not canonical', { close: '11.0' }],
  ])('refuses a candle %s', (_, changes) => {
    const newest = new NewestCandle();
    expect(newest.take(at(changes), now())).toBe('refused');
    expect(newest.take(at(), now())).toBe('same');
  });

  it('reckons by the grid of the series, and takes no day for today that begins tomorrow', () => {
    const [day, noon] = [24 * 60 * MINUTE, { interval: '1d', anchor: 12 * 60 * MINUTE } as const];
    const newest = new NewestCandle();
    expect(newest.take(at(), now(0, '1d'))).toBe('refused');
    expect(newest.take(at({ openTime: OPEN + day }), now(0, noon))).toBe('refused');
    expect(newest.take(at(), now(0, noon))).toBe('same');
    expect(newest.take(at({ openTime: OPEN + day }), now(day, noon))).toBe('next');
  });
});
