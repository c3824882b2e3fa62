import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  endOfHave,
  gapsIn,
  mergeSpans,
  spansOfAnswer,
  type CoverageSpan,
  type CoverageState,
} from '../../src/candles/coverage.js';

const MINUTE = 60_000;
const CELLS = 40;

/** The plain model: one state, or none, per minute. */
type Model = Array<CoverageState | undefined>;

const state = fc.constantFrom<CoverageState>('have', 'missing', 'empty', 'unlisted', 'delisted');
const span = fc
  .tuple(fc.nat(CELLS - 1), fc.integer({ min: 1, max: 10 }), state)
  .map(([start, length, kind]): CoverageSpan => {
    const end = Math.min(CELLS, start + length);
    return { from: start * MINUTE, to: end * MINUTE, state: kind };
  });
/** Spans that do not overlap, as an answer gives them: from one model. */
const model = fc.array(fc.option(state, { nil: undefined }), { minLength: CELLS, maxLength: CELLS });

function toSpans(cells: Model): CoverageSpan[] {
  const spans: CoverageSpan[] = [];
  cells.forEach((kind, index) => {
    if (kind === undefined) return;
    const last = spans.at(-1);
    if (last?.state === kind && last.to === index * MINUTE) {
      spans[spans.length - 1] = { ...last, to: (index + 1) * MINUTE };
    } else {
      spans.push({ from: index * MINUTE, to: (index + 1) * MINUTE, state: kind });
    }
  });
  return spans;
}

function lay(known: Model, added: Model): Model {
  return known.map((kind, index) => (kind === 'have' ? 'have' : (added[index] ?? kind)));
}

describe('coverage', () => {
  it('merges like the minute-by-minute model, in its shortest form', () => {
    fc.assert(
      fc.property(model, model, (known, added) => {
        expect(mergeSpans(toSpans(known), toSpans(added))).toEqual(toSpans(lay(known, added)));
      }),
    );
  });

  it('never loses what we have, in whatever order knowledge comes', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 12 }), (spans) => {
        const merged = spans.reduce<CoverageSpan[]>((known, next) => mergeSpans(known, [next]), []);
        const cells = new Set<number>();
        for (const { from, to, state: kind } of spans) {
          if (kind !== 'have') continue;
          for (let at = from; at < to; at += MINUTE) cells.add(at);
        }
        const had = merged.filter(({ state: kind }) => kind === 'have');
        const total = had.reduce((sum, { from, to }) => sum + (to - from) / MINUTE, 0);
        expect(total).toBe(cells.size);
        expect(endOfHave(merged)).toBe(cells.size === 0 ? null : Math.max(...cells) + MINUTE);
      }),
    );
  });

  it('finds exactly the minutes that no span speaks of', () => {
    fc.assert(
      fc.property(model, (cells) => {
        const gaps = gapsIn({ from: 0, to: CELLS * MINUTE }, toSpans(cells));
        const found = gaps.flatMap(({ from, to }) =>
          Array.from({ length: (to - from) / MINUTE }, (_, index) => from / MINUTE + index),
        );
        expect(found).toEqual(cells.flatMap((kind, index) => (kind === undefined ? [index] : [])));
      }),
    );
  });

  it('reads an answer as what came and what is missing, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: CELLS, maxLength: CELLS }), (came) => {
        const openTimes = came.flatMap((yes, index) => (yes ? [index * MINUTE] : []));
        const expected: Model = came.map((yes) => (yes ? 'have' : 'missing'));
        expect(spansOfAnswer('1m', { from: 0, to: CELLS * MINUTE }, openTimes)).toEqual(toSpans(expected));
      }),
    );
  });
});
