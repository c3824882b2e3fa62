import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCandleRow } from '../../src/archives/candle-row.js';
import { COMMON_LAYOUT, layoutOfHeader } from '../../src/archives/row-layout.js';
import { parseRowTime } from '../../src/archives/row-time.js';
import { textLines } from '../../src/archives/text-lines.js';
import { canonicalDecimal } from '../../src/common/decimal.js';

/** From 1973, where milliseconds have twelve digits, to 2255, where microseconds still fit into a double. */
const ms = fc.integer({ min: 100_000_000_000, max: 9_000_000_000_000 });
const decimal = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.integer({ min: 0, max: 18 }))
  .map(([digits, places]) => {
    const text = String(digits).padStart(places + 1, '0');
    return places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
  });

describe('the time of a row', () => {
  it('is the same in every unit', () => {
    fc.assert(
      fc.property(ms, (time) => {
        expect(parseRowTime(String(time))).toBe(time);
        expect(parseRowTime(`${time}000`)).toBe(time);
        expect(parseRowTime(`${time}000000`)).toBe(time);
        expect(parseRowTime(new Date(time).toISOString())).toBe(time);
        expect(parseRowTime(new Date(time).toISOString().replace('T', ' ').replace('Z', ''))).toBe(time);
        const seconds = Math.floor(time / 1000);
        expect(parseRowTime(String(seconds))).toBe(seconds * 1000);
        expect(parseRowTime(`${seconds}.0`)).toBe(seconds * 1000);
      }),
    );
  });

  it('is never rounded: what is no whole millisecond is none', () => {
    fc.assert(
      fc.property(ms, fc.integer({ min: 1, max: 999 }), (time, rest) => {
        expect(parseRowTime(`${time}${String(rest).padStart(3, '0')}`)).toBeNull();
      }),
    );
  });

  it('is none in any other text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const time = parseRowTime(text);
        if (time !== null) expect(Number.isSafeInteger(time)).toBe(true);
      }),
    );
    for (const text of ['', '-1', '0', '1e12', '16776288000OO', '2023-02-30', '2023', 'NaN']) {
      expect(parseRowTime(text), text).toBeNull();
    }
  });
});

describe('a row', () => {
  const figures = fc.record({ open: decimal, high: decimal, low: decimal, close: decimal, volume: decimal });

  it('keeps every digit, whatever the order of the columns', () => {
    const columns = fc.shuffledSubarray(['Open Time', 'open', 'HIGH', 'low', '"close"', 'Volume', 'extra'], {
      minLength: 7,
      maxLength: 7,
    });
    fc.assert(
      fc.property(ms, figures, columns, (openTime, row, header) => {
        const cell = (name: string) =>
          ({ opentime: String(openTime), extra: 'x,'.slice(0, 1), ...row })[
            name.toLowerCase().replaceAll(/[" ]/g, '') as keyof typeof row
          ];
        const layout = layoutOfHeader(header.join(','));
        const expected = Object.fromEntries(
          Object.entries(row).map(([name, figure]) => [name, canonicalDecimal(figure)]),
        );
        for (const text of [header.map(cell).join(','), header.map((name) => `"${cell(name)}"`).join(', ')]) {
          expect(parseCandleRow(text, layout!)).toEqual({ openTime, ...expected });
        }
      }),
    );
  });

  it('is a candle or a reason, and never an error', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const result = parseCandleRow(text, COMMON_LAYOUT);
        expect('fault' in result || typeof result.openTime === 'number').toBe(true);
      }),
    );
  });
});

describe('the lines of a text', () => {
  it('are the same however the bytes are cut', async () => {
    const line = fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\r\n\uFEFF]/g, ''));
    const cuts = fc.array(fc.nat({ max: 500 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.array(line), cuts, fc.constantFrom('\n', '\r\n'), async (lines, at, end) => {
        const bytes = Buffer.from(lines.map((text) => text + end).join(''));
        const places = [
          0,
          ...at.filter((place) => place < bytes.length).toSorted((a, b) => a - b),
          bytes.length,
        ];
        async function* chunks() {
          for (const [index, place] of places.entries())
            yield bytes.subarray(place, places[index + 1] ?? place);
        }
        const read: string[] = [];
        for await (const some of textLines(chunks())) read.push(...some);
        expect(read).toEqual(lines.map((text) => Buffer.from(text).toString()));
      }),
    );
  });
});
