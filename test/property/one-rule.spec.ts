import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseCandleRow } from '../../src/archives/candle-row.js';
import { rowFault } from '../../src/archives/row-check.js';
import { COMMON_LAYOUT } from '../../src/archives/row-layout.js';
import { toCandlePage } from '../../src/exchanges/candle-page.js';

const MINUTE = 60_000;
const FROM = Date.UTC(2024, 0, 1);
const window = { from: FROM, to: FROM + 10 * MINUTE };
const now = FROM + 20 * MINUTE;

const figure = fc.oneof(
  fc.constantFrom('1', '2', '1.5', '0', '-1', '1e0', '', 'NaN', 'null', '0.00', '-0', '1e-8', '1e200'),
  fc.integer({ min: 1, max: 30 }).map((tenths) => String(tenths / 10)),
);
const openTime = fc.integer({ min: 0, max: 19 }).map((half) => FROM + (half * MINUTE) / 2);

it('a row is a candle, or none for the same reason, whether an exchange sends it or a file holds it', () => {
  fc.assert(
    fc.property(openTime, fc.array(figure, { minLength: 4, maxLength: 5 }), (time, figures) => {
      const { closed, rejected } = toCandlePage([{ openTime: time, figures, raw: '' }], {
        grid: '1m',
        ...window,
        now,
      });
      const row = parseCandleRow([time, ...figures].join(','), COMMON_LAYOUT);
      const fault = 'fault' in row ? row.fault : rowFault(row, { grid: '1m', window, now });
      // A file's figures are read before its time is judged: of two faults either may be told.
      expect(fault === null).toBe(rejected === undefined);
      if (rejected?.[0]?.reason !== 'off_grid') expect(fault).toBe(rejected?.[0]?.reason ?? null);
      if (fault === null) expect(closed).toEqual([row]);
    }),
    { numRuns: 2000 },
  );
});
