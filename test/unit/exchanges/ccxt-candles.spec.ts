import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCandlePage } from '../../../src/exchanges/ccxt/ccxt-candles.js';
import { isOnGrid, type Interval } from '../../../src/common/interval.js';

const HOUR = 3_600_000;
const START = Date.UTC(2024, 0, 1);
const row = (openTime: number) => [openTime, '1.10', '2', '1e-7', '1.5', '0'];
const anyInterval = fc.constantFrom<Interval>('1h', '4h', '1d', '1M');

describe('toCandlePage', () => {
  it('orders, filters and splits whatever rows come', () => {
    const times = fc.array(fc.integer({ min: -50, max: 200 }).map((half) => START + (half * HOUR) / 2));
    const window = fc.tuple(
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 0, max: 90 }),
      fc.integer({ min: 0, max: 120 }),
    );
    fc.assert(
      fc.property(anyInterval, times, window, (interval, opens, [from, to, now]) => {
        const bounds = {
          interval,
          from: START + from * HOUR,
          to: START + to * HOUR,
          now: START + now * HOUR,
        };
        const { closed, forming } = toCandlePage(opens.map(row), bounds);
        const inside = opens.filter((t) => t >= bounds.from && t < bounds.to && isOnGrid(interval, t));
        const got = closed.map(({ openTime }) => openTime);
        expect(got).toEqual([...new Set(got)].toSorted((a, b) => a - b));
        for (const time of got) expect(inside).toContain(time);
        expect([undefined, ...inside]).toContain(forming?.openTime);
        const expected = new Set(inside.filter((t) => t <= bounds.now)).size;
        expect(closed.length + (forming ? 1 : 0)).toBe(expected);
      }),
    );
  });

  it('writes figures in canonical form', () => {
    const { closed } = toCandlePage([row(START)], {
      interval: '1h',
      from: START,
      to: START + HOUR,
      now: START + HOUR,
    });
    expect(closed).toEqual([
      { openTime: START, open: '1.1', high: '2', low: '0.0000001', close: '1.5', volume: '0' },
    ]);
  });

  it('takes the later of two rows for one candle', () => {
    const rows = [row(START), [START, '9', '9', '9', '9', '9']];
    const { closed } = toCandlePage(rows, {
      interval: '1h',
      from: START,
      to: START + HOUR,
      now: START + HOUR,
    });
    expect(closed.map(({ close }) => close)).toEqual(['9']);
  });

  it.each([
    ['no list', { length: 1 }],
    ['a row that is no list', [row(START), null]],
    ['no time', [[undefined, '1', '1', '1', '1', '1']]],
    ['a figure too few', [[START, '1', '1', '1', '1']]],
    ['an undefined figure', [[START, '1', '1', '1', '1', undefined]]],
    ['NaN', [[START, '1', '1', '1', '1', NaN]]],
    ['Infinity', [[START, '1', 'Infinity', '1', '1', '1']]],
    ['an empty figure', [[START, '1', '1', '1', '', '1']]],
  ])('refuses the whole answer for %s', (_, rows) => {
    const bounds = { interval: '1h', from: START, to: START + HOUR, now: START + HOUR } as const;
    expect(() => toCandlePage(rows, bounds)).toThrow(
      expect.objectContaining({ code: 'EXCHANGE_UNAVAILABLE' }),
    );
  });
});
