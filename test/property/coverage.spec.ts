import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  endOfHave,
  gapsIn,
  mergeSpans,
  newIn,
  spansOfAnswer,
  within,
  type CoverageSpan,
  type CoverageState,
} from '../../src/candles/coverage.js';

const MINUTE = 60_000;
const CELLS = 40;

type Knowledge = Omit<CoverageSpan, 'from' | 'to'>;
/** The plain model: what is known, or nothing, of each minute. */
type Model = Array<Knowledge | undefined>;

const state = fc.constantFrom<CoverageState>('have', 'missing', 'empty', 'unlisted', 'delisted');
const knowledge = fc
  .tuple(state, fc.integer({ min: 1, max: 3 }), fc.nat(9))
  .map(([kind, asked, askedAt]): Knowledge =>
    kind === 'missing' || kind === 'empty' ? { state: kind, asked, askedAt } : { state: kind },
  );
const span = fc
  .tuple(fc.nat(CELLS - 1), fc.integer({ min: 1, max: 10 }), state)
  .map(([start, length, kind]): CoverageSpan => {
    const end = Math.min(CELLS, start + length);
    return { from: start * MINUTE, to: end * MINUTE, state: kind };
  });
/** Spans that do not overlap, as an answer gives them: from one model. */
const model = fc.array(fc.option(knowledge, { nil: undefined }), { minLength: CELLS, maxLength: CELLS });

function toSpans(cells: Model): CoverageSpan[] {
  const spans: CoverageSpan[] = [];
  cells.forEach((known, index) => {
    if (known === undefined) return;
    const last = spans.at(-1);
    if (last?.state === known.state && last.asked === known.asked && last.to === index * MINUTE) {
      const askedAt = Math.max(last.askedAt ?? 0, known.askedAt ?? 0);
      const later = known.askedAt === undefined ? {} : { askedAt };
      spans[spans.length - 1] = { ...last, ...later, to: (index + 1) * MINUTE };
    } else {
      spans.push({ from: index * MINUTE, to: (index + 1) * MINUTE, ...known });
    }
  });
  return spans;
}

/** What the spans say of each minute: of those in one span, the same. */
function toCells(spans: readonly CoverageSpan[]): Model {
  return Array.from({ length: CELLS }, (_, index) => {
    const found = spans.find(({ from, to }) => from <= index * MINUTE && index * MINUTE < to);
    if (!found) return undefined;
    const { from: _from, to: _to, ...known } = found;
    return known;
  });
}

function lay(known: Model, added: Model): Model {
  return known.map((old, index) =>
    old?.state === 'have' || added[index]?.state === 'have' ? { state: 'have' } : (added[index] ?? old),
  );
}

describe('coverage', () => {
  it('merges like the minute-by-minute model, in its shortest form', () => {
    fc.assert(
      fc.property(model, model, (known, added) => {
        const [before, after] = [toSpans(known), toSpans(added)];
        expect(mergeSpans(before, after)).toEqual(toSpans(lay(toCells(before), toCells(after))));
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

  it('cuts a window out of what is known', () => {
    fc.assert(
      fc.property(model, fc.nat(CELLS), fc.nat(CELLS), (cells, a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const known = toSpans(cells);
        const inside = toCells(known).map((it, index) => (index >= from && index < to ? it : undefined));
        expect(within(known, { from: from * MINUTE, to: to * MINUTE })).toEqual(toSpans(inside));
        expect(within(known, { from: from * MINUTE, to: from * MINUTE })).toEqual([]);
      }),
    );
  });

  it('takes from an answer what came, and of the holes those that nobody knew of', () => {
    fc.assert(
      fc.property(model, fc.array(fc.boolean(), { minLength: CELLS, maxLength: CELLS }), (cells, came) => {
        const openTimes = came.flatMap((yes, index) => (yes ? [index * MINUTE] : []));
        const answer = spansOfAnswer('1m', { from: 0, to: CELLS * MINUTE }, openTimes, 7);
        const known = toSpans(cells);
        const before = toCells(known);
        const after = toCells(mergeSpans(known, newIn(answer, known)));
        after.forEach((it, index) => {
          const expected = came[index]
            ? { state: 'have' }
            : (before[index] ?? { state: 'missing', asked: 1, askedAt: 7 });
          // Joined with what was asked for as often, at another time.
          expect({ ...it, askedAt: 0 }).toEqual({ ...expected, askedAt: 0 });
        });
      }),
    );
  });

  it('reads an answer as what came and what is missing, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: CELLS, maxLength: CELLS }), (came) => {
        const openTimes = came.flatMap((yes, index) => (yes ? [index * MINUTE] : []));
        const expected: Model = came.map((yes) => ({ state: yes ? 'have' : 'missing' }));
        expect(spansOfAnswer('1m', { from: 0, to: CELLS * MINUTE }, openTimes)).toEqual(toSpans(expected));
      }),
    );
  });
});
