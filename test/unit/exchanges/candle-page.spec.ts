import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_PAYLOAD } from '../../../src/candles/soundness.js';
import { gridOf, isOnGrid, type Interval } from '../../../src/common/interval.js';
import { toCandlePage, type CandleRow, type PageWindow } from '../../../src/exchanges/candle-page.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2024, 0, 1);
const FIGURES = ['1.10', '2', '1e-7', '1.5', '0'];

const row = (openTime: unknown, figures: readonly unknown[] = FIGURES, closed?: boolean): CandleRow => ({
  openTime,
  figures,
  raw: [openTime, ...figures],
  closed,
});
const anyInterval = fc.constantFrom<Interval>('1h', '4h', '1d', '1M');
const oneHour: PageWindow = { grid: '1h', from: START, to: START + HOUR, now: START + HOUR };

describe('a page of candles', () => {
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
          grid: interval,
          from: START + from * HOUR,
          to: START + to * HOUR,
          now: START + now * HOUR,
        };
        const {
          closed,
          forming,
          rejected = [],
        } = toCandlePage(
          opens.map((time) => row(time)),
          bounds,
        );
        const begun = opens.filter((t) => t <= bounds.now);
        const inside = begun.filter((t) => t >= bounds.from && t < bounds.to);
        const got = closed.map(({ openTime }) => openTime);
        expect(got).toEqual([...new Set(got)].toSorted((a, b) => a - b));
        const onGrid = new Set(inside.filter((t) => isOnGrid(interval, t)));
        expect(new Set(forming ? [...got, forming.openTime] : got)).toEqual(onGrid);
        const late = rejected.filter(({ reason }) => reason === 'off_grid').map(({ openTime }) => openTime!);
        expect(late.filter((t) => t <= bounds.now)).toEqual(inside.filter((t) => !isOnGrid(interval, t)));
      }),
    );
  });

  it('writes figures in canonical form, those with an exponent too', () => {
    const { closed } = toCandlePage([row(START)], oneHour);
    expect(closed).toEqual([
      { openTime: START, open: '1.1', high: '2', low: '0.0000001', close: '1.5', volume: '0' },
    ]);
  });

  it.each([
    ['NaN for a figure', [START, '1', '1', '1', '1', NaN], 'figure_unreadable'],
    ['NaN as text', [START, 'NaN', '1', '1', '1', '1'], 'figure_unreadable'],
    ['Infinity', [START, '1', 'Infinity', '1', '1', '1'], 'figure_unreadable'],
    ['null', [START, null, '1', '1', '1', '1'], 'figure_unreadable'],
    ['an empty figure', [START, '1', '1', '1', '', '1'], 'figure_unreadable'],
    ['a figure too few', [START, '1', '1', '1', '1'], 'figure_unreadable'],
    ['an exponent beyond all prices', [START, '1', '1e999', '1', '1', '1'], 'figure_unreadable'],
    ['a price of zero', [START, '1', '1', '0.00', '1', '1'], 'price_not_positive'],
    ['a negative price', [START, '-1', '1', '-1', '1', '1'], 'price_not_positive'],
    ['a high below the low', [START, '1', '1', '2', '1', '1'], 'price_outside_range'],
    [
      'an open below the low by the last digit',
      [START, '1.00000000000000000001', '2', '1.00000000000000000002', '2', '1'],
      'price_outside_range',
    ],
    ['a close above the high', [START, '1', '2', '1', '2.1', '1'], 'price_outside_range'],
    ['a negative volume', [START, '1', '1', '1', '1', '-0.1'], 'volume_negative'],
    ['half an hour past the hour', [START + HOUR / 2, '1', '1', '1', '1', '1'], 'off_grid'],
    ['a time that has not come', [START + 4 * HOUR, '1', '1', '1', '1', '1'], 'not_begun'],
    ['microseconds', [START * 1000, '1', '1', '1', '1', '1'], 'not_begun'],
    ['seconds', [START / 1000, '1', '1', '1', '1', '1'], 'time_unreadable'],
    ['no time', [undefined, '1', '1', '1', '1', '1'], 'time_unreadable'],
    ['words for a time', ['today', '1', '1', '1', '1', '1'], 'time_unreadable'],
  ] as const)('sets a row with %s aside and keeps the rest', (_, [openTime, ...figures], reason) => {
    const good = START + HOUR;
    const bounds = { ...oneHour, to: START + 2 * HOUR, now: START + 2 * HOUR };
    const { closed, rejected } = toCandlePage([row(openTime, figures), row(good)], bounds);
    expect(closed.map((candle) => candle.openTime)).toEqual([good]);
    const known = reason === 'time_unreadable' ? null : openTime;
    expect(rejected).toEqual([{ openTime: known, reason, payload: JSON.stringify([openTime, ...figures]) }]);
  });

  it('keeps no more of a row than is needed to know it again', () => {
    const { rejected } = toCandlePage([row(START, ['x'.repeat(2 * MAX_PAYLOAD)])], oneHour);
    expect(rejected![0]!.payload).toHaveLength(MAX_PAYLOAD);
  });

  it('takes a candle that comes twice once', () => {
    const page = toCandlePage([row(START), row(START, ['1.1', '2.0', '0.0000001', '1.50', '0'])], oneHour);
    expect(page.closed).toHaveLength(1);
    expect(page.rejected).toBeUndefined();
  });

  it('believes neither of two closed candles that differ, nor a third', () => {
    const [one, other] = [row(START), row(START, ['9', '9', '9', '9', '9'])];
    const page = toCandlePage([one, other, one], oneHour);
    expect(page.closed).toEqual([]);
    expect(page.rejected!.map(({ reason }) => reason)).toEqual(Array(3).fill('contradictory'));
  });

  it('takes the later of two states of the candle that is open', () => {
    const page = toCandlePage([row(START), row(START, ['9', '9', '9', '9', '9'])], {
      ...oneHour,
      now: START + 1,
    });
    expect(page).toMatchObject({ closed: [], forming: { close: '9' } });
  });

  it('takes a candle for open that its exchange calls open, whatever the clocks say', () => {
    const page = toCandlePage([row(START, FIGURES, false)], oneHour);
    expect(page).toMatchObject({ closed: [], forming: { openTime: START } });
  });

  it('leaves what has begun by one of the clocks for later, without a judgement', () => {
    const rows = [0, 1, 2, 3].map((n) => row(START + n * HOUR));
    const bounds = { ...oneHour, to: START + 5 * HOUR, now: START + HOUR + 1, latest: START + 3 * HOUR };
    const { closed, forming, rejected } = toCandlePage(rows, bounds);
    expect([closed.length, forming?.openTime, rejected]).toEqual([1, START + HOUR, undefined]);
  });

  it('passes rows of other times over, however bad', () => {
    const rows = [row(START - HOUR, ['NaN']), row(START), row(START + HOUR, [])];
    expect(toCandlePage(rows, oneHour)).toMatchObject({ closed: [{ openTime: START }] });
    expect(toCandlePage(rows, oneHour).rejected).toBeUndefined();
  });

  it('gives the oldest of more than a page', () => {
    const rows = [2, 0, 1].map((n) => row(START + n * HOUR));
    const bounds = { ...oneHour, to: START + 3 * HOUR, now: START + 3 * HOUR, limit: 2 };
    expect(toCandlePage(rows, bounds).closed.map(({ openTime }) => openTime)).toEqual([START, START + HOUR]);
  });
});

describe('an exchange whose days begin at another hour', () => {
  const thursday = Date.UTC(2022, 0, 6);
  it.each([
    ["BingX's days", '1d', [0, 1, 2].map((n) => START + n * DAY - 8 * HOUR), -8 * HOUR],
    ["KuCoin's days of 2018", '1d', [0, 1].map((n) => START + n * DAY + 11 * HOUR), 11 * HOUR],
    ["KuCoin's weeks", '1w', [0, 7, 14].map((n) => thursday + n * DAY), 3 * DAY],
    ["OKX's twelve hours of Hong Kong", '12h', [0, 12, 24].map((n) => START + (n + 4) * HOUR), 4 * HOUR],
    ["OKX's six hours of Hong Kong", '6h', [0, 6, 12].map((n) => START + (n + 4) * HOUR), -2 * HOUR],
    ['months of UTC+8', '1M', [1, 2, 3].map((m) => Date.UTC(2024, m, 1) - 8 * HOUR), -8 * HOUR],
  ] as const)('is found out by all rows of a page: %s', (_, interval, times, anchor) => {
    const window = { from: times[0]! - 40 * DAY, to: times.at(-1)! + DAY, now: START + 400 * DAY };
    const rows = times.map((time) => row(time));
    expect(toCandlePage(rows, { ...window, grid: interval })).toMatchObject({ closed: [], anchor });
    const page = toCandlePage(rows, { ...window, grid: gridOf({ interval, anchor }) });
    expect(page.closed.map(({ openTime }) => openTime)).toEqual(times);
    expect([page.rejected, page.anchor]).toEqual([undefined, undefined]);
  });

  it.each([
    ['one row', '1d', [HOUR]],
    ['rows on the grid too', '1d', [HOUR, DAY + HOUR, 2 * DAY]],
    ['rows that are off by different times', '1d', [HOUR, DAY + 2 * HOUR]],
    ['an interval that is the same in every zone', '4h', [HOUR, DAY + HOUR]],
    ['rows that are off by what is no zone', '1d', [1000, DAY + 1000]],
  ] as const)('is not made of %s', (_, grid, offsets) => {
    const rows = offsets.map((offset) => row(START + offset));
    const page = toCandlePage(rows, { grid, from: START, to: START + 5 * DAY, now: START + 5 * DAY });
    expect(page.anchor).toBeUndefined();
    expect(page.rejected!.every(({ reason }) => reason === 'off_grid')).toBe(true);
  });
});
