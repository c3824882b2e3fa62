import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readColumns } from '../../../src/candles/rest/figure-columns.js';
import { formatOf } from '../../../src/candles/rest/candle-request.js';
import { fillFlat, type Row } from '../../../src/candles/rest/flat-fill.js';
import { formatEventId, parseEventId } from '../../../src/candles/live/live-event.js';
import { canonicalDecimal } from '../../../src/common/decimal.js';
import { stepOpenTime, type Interval } from '../../../src/common/interval.js';

const decimal = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.integer({ min: 0, max: 25 }), fc.boolean())
  .map(([digits, places, negative]) => canonicalDecimal(`${negative ? '-' : ''}${digits}e-${places}`));
/** Of up to 38 digits, seven of them behind the point. */
const fitting = fc
  .tuple(fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }), fc.integer({ min: 0, max: 7 }))
  .filter(
    ([digits, places]) =>
      digits * 10n ** BigInt(7 - places) < 10n ** 38n && digits * 10n ** BigInt(7 - places) > -(10n ** 38n),
  )
  .map(([digits, places]) => canonicalDecimal(`${digits}e-${places}`));
const short = fc.tuple(fc.integer({ min: 0, max: 4e12 }), fitting, fitting, fitting, fitting, fitting);
const candle = fc.tuple(fc.integer({ min: 0, max: 4e12 }), decimal, decimal, decimal, decimal, decimal);

describe('figures by columns', () => {
  it('are the nearest doubles', () => {
    fc.assert(
      fc.property(fc.array(candle), (candles) => {
        const csv = Buffer.from(candles.map((row) => row.join()).join('\n'));
        const { length, openTimes, figures } = readColumns(csv, 'double');
        expect(length).toBe(candles.length);
        expect([...openTimes].map(Number)).toEqual(candles.map(([time]) => time));
        figures.forEach((column, index) => {
          expect([...column]).toEqual(candles.map((row) => Number(row[index + 1])));
        });
      }),
    );
  });

  it('are the same decimals', () => {
    fc.assert(
      fc.property(fc.array(short), (candles) => {
        const { figures } = readColumns(Buffer.from(candles.map((row) => row.join()).join('\n')), 7);
        figures.forEach((column, index) => {
          const words = column as Uint32Array;
          candles.forEach((row, at) => {
            let value = 0n;
            for (let word = 3; word >= 0; word -= 1) value = (value << 32n) | BigInt(words[at * 4 + word]!);
            expect(canonicalDecimal(`${BigInt.asIntN(128, value)}e-7`)).toBe(row[index + 1]);
          });
        });
      }),
    );
  });

  it('are refused where the decimals have too few digits', () => {
    expect(() => readColumns(Buffer.from('0,1.234,1,1,1,1'), 2)).toThrow(RangeError);
    const long = `0,${'9'.repeat(30)},1,1,1,1`;
    expect(() => readColumns(Buffer.from(long), 9)).toThrow(RangeError);
  });
});

describe('filling', () => {
  const row = (openTime: number, close = String(openTime)): Row => ({
    openTime,
    open: '1',
    high: '2',
    low: '0',
    close,
    volume: '3',
    filled: false,
    closed: true,
  });

  it.each<Interval>(['1m', '4h', '1w', '1M'])(
    'puts one row at each open time of %s, in either order',
    (interval) => {
      fc.assert(
        fc.property(
          fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1 }),
          fc.integer({ min: 0, max: 60 }),
          fc.integer({ min: 0, max: 70 }),
          (places, first, past) => {
            const start = interval === '1w' ? 4 * 86_400_000 : 0;
            const at = (place: number) => stepOpenTime(interval, start, place);
            const kept = places.toSorted((a, b) => a - b);
            const window = { grid: interval, from: at(first), to: at(past) };
            const candles = kept.filter((place) => place < past).map((place) => row(at(place)));
            const expected = Array.from({ length: 70 }, (_, place) => place)
              .filter((place) => place >= first && place < past && kept.some((one) => one <= place))
              .map((place) => {
                const last = kept.findLast((one) => one <= place)!;
                return [at(place), String(at(last)), place !== last];
              });
            const rows = (order: 'asc' | 'desc') =>
              [...fillFlat(candles, window, order)].map(({ openTime, close, filled }) => [
                openTime,
                close,
                filled,
              ]);
            expect(rows('asc')).toEqual(expected);
            expect(rows('desc')).toEqual(expected.toReversed());
          },
        ),
      );
    },
  );

  it('is flat at the close before, and nothing was traded', () => {
    const [, filled] = [...fillFlat([row(0, '7.5')], { grid: '1m', from: 0, to: 120_000 }, 'asc')];
    expect(filled).toEqual({
      openTime: 60_000,
      open: '7.5',
      high: '7.5',
      low: '7.5',
      close: '7.5',
      volume: '0',
      filled: true,
      closed: true,
    });
  });
});

describe('the format', () => {
  it.each([
    [undefined, undefined, 'json'],
    ['csv', 'application/json', 'csv'],
    [undefined, 'text/csv', 'csv'],
    [undefined, 'TEXT/CSV; charset=utf-8', 'csv'],
    [undefined, 'application/jsonl', 'ndjson'],
    [undefined, 'text/csv;q=0.2, application/x-ndjson;q=0.9', 'ndjson'],
    [undefined, 'text/csv;q=0, */*', 'json'],
    [undefined, 'text/html,application/xhtml+xml', 'json'],
    [undefined, 'application/vnd.apache.arrow.stream', 'arrow'],
    [undefined, ';;;,,q=', 'json'],
  ] as const)('asked for by %s and %s is %s', (format, accept, expected) => {
    expect(formatOf({ format }, accept)).toBe(expected);
  });
});

describe('the id of an event', () => {
  it('reads as it was written', () => {
    for (const id of [
      { change: 1, index: null },
      { change: 123, index: 0 },
      { change: 999_999_999_999_999, index: 29_999 },
    ]) {
      expect(parseEventId(formatEventId(id))).toEqual(id);
    }
  });

  it.each(['', 'x', '1-', '-1', '1-2-3', '1.5', '1e3', '9'.repeat(20)])('is none of ours: %j', (text) => {
    expect(parseEventId(text)).toBeNull();
  });
});
