import { describe, expect, it } from 'vitest';
import { INTERVALS, type Interval } from '../../../../src/common/interval.js';
import { toKline } from '../../../../src/protocols/binance/kline.js';
import { isShifted, partsOfZone } from '../../../../src/protocols/binance/zone-grid.js';

const HOUR = 3_600_000;

describe('a zone', () => {
  it.each<[Interval, number, boolean]>([
    ['1d', 0, false],
    ['1m', 5.75 * HOUR, false],
    ['15m', 5.75 * HOUR, false],
    ['30m', 5.75 * HOUR, true],
    ['1h', 8 * HOUR, false],
    ['8h', 8 * HOUR, false],
    ['12h', 8 * HOUR, true],
    ['1d', 8 * HOUR, true],
    ['1w', -HOUR, true],
    ['1M', HOUR, true],
  ])('moves candles of %s, %i ms ahead: %s', (interval, ahead, expected) => {
    expect(isShifted(interval, ahead)).toBe(expected);
  });

  it.each<[Interval, number, Interval]>([
    ['1d', 8 * HOUR, '8h'],
    ['1d', 5.5 * HOUR, '30m'],
    ['1d', 5.75 * HOUR, '15m'],
    ['1M', -5 * HOUR, '1h'],
    ['1w', 12 * HOUR, '12h'],
    ['3d', 0.25 * HOUR, '15m'],
  ])('has candles of %s, %i ms ahead, made of those of %s', (interval, ahead, expected) => {
    expect(partsOfZone(interval, ahead, INTERVALS)[0]).toBe(expected);
    expect(partsOfZone(interval, ahead, ['1m'])).toEqual(['1m']);
    expect(partsOfZone(interval, ahead, ['1w'])).toEqual([]);
  });
});

describe('a kline', () => {
  const candle = { open: '1', high: '4', low: '0.5', close: '2', volume: '3' };

  it('is a row of twelve, with zeros for what is not kept', () => {
    const row = [60_000, '1', '4', '0.5', '2', '3', 119_999, '0', 0, '0', '0', '0'];
    expect(toKline({ openTime: 60_000, ...candle }, '1m')).toEqual(row);
  });

  it.each<[Interval, number, number]>([
    ['1w', Date.UTC(2024, 0, 1), Date.UTC(2024, 0, 8)],
    ['1M', Date.UTC(2024, 1, 1), Date.UTC(2024, 2, 1)],
    ['1d', Date.UTC(2024, 0, 1, 16), Date.UTC(2024, 0, 2, 16)],
    ['1M', Date.UTC(2024, 0, 31, 16), Date.UTC(2024, 1, 29, 16)],
    ['1M', Date.UTC(2024, 1, 1, 5), Date.UTC(2024, 2, 1, 5)],
  ])('of %s closes before the next one opens', (interval, openTime, next) => {
    expect(toKline({ openTime, ...candle }, interval)[6]).toBe(next - 1);
  });
});
