import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatchSize, splitBatch } from '../../src/candles/batch-size.js';
import { mergeSpans, spansOfAnswer } from '../../src/candles/coverage.js';
import type { Series } from '../../src/candles/series.js';
import { minutes } from '../support/candles.js';

const MINUTE = 60_000;
const series: Series = { id: 1, exchange: 'x', symbol: 'A/B', interval: '1m' };

describe('a batch that is cut into parts', () => {
  it('has the same candles and coverage, and each part the coverage of its own candles only', () => {
    const came = fc.array(fc.boolean(), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(came, fc.integer({ min: 1, max: 30 }), (present, rows) => {
        const candles = minutes(...present.flatMap((yes, index) => (yes ? [index] : [])));
        const openTimes = candles.map(({ openTime }) => openTime);
        const spans = spansOfAnswer('1m', { from: 0, to: present.length * MINUTE }, openTimes);
        const parts = splitBatch({ series, candles: candles.toReversed(), spans }, rows);

        expect(parts.flatMap((part) => part.candles).toSorted((a, b) => a.openTime - b.openTime)).toEqual(
          candles,
        );
        expect(parts.reduce((known, part) => mergeSpans(known, part.spans), mergeSpans([], []))).toEqual(
          spans,
        );
        let stored: number[] = [];
        for (const part of parts) {
          expect(part.candles.length).toBeLessThanOrEqual(Math.max(rows, candles.length === 0 ? 0 : rows));
          stored = [...stored, ...part.candles.map(({ openTime }) => openTime)];
          // Whatever is killed between two parts, coverage never says more than is stored.
          for (const { from, to, state } of part.spans) {
            if (state !== 'have') continue;
            for (let at = from; at < to; at += MINUTE) expect(stored).toContain(at);
          }
        }
      }),
    );
  });
});

describe('the size of a batch', () => {
  it('shrinks on a slow machine and grows on a fast one, within bounds', () => {
    const size = new BatchSize();
    for (let round = 0; round < 50; round += 1) size.measured(1000, 40);
    expect(size.rows).toBe(500);
    for (let round = 0; round < 100; round += 1) size.measured(1000, 1);
    expect(size.rows).toBe(8000);
    for (let round = 0; round < 100; round += 1) size.measured(10, 1000); // a small batch tells nothing
    expect(size.rows).toBe(8000);
  });
});
