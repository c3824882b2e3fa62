import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkHistory, type ViolationKind } from '../support/fault/check-history.js';
import type { History } from '../support/fault/history.js';
import { makeHistory } from '../support/fault/made-history.js';

const step = fc.record({
  series: fc.integer({ min: 1, max: 3 }),
  takenOver: fc.boolean(),
  candles: fc.integer({ min: 1, max: 500 }),
  missing: fc.integer({ min: 0, max: 50 }),
  acknowledged: fc.boolean(),
  run: fc.boolean(),
});
const histories = fc.array(step, { minLength: 1, maxLength: 30 }).map(makeHistory);
const place = fc.nat();

const pick = <Row>(rows: readonly Row[], index: number): Row => rows[index % rows.length]!;
const without = <Row>(rows: readonly Row[], row: Row): Row[] => rows.filter((other) => other !== row);
const put = <Row>(rows: readonly Row[], row: Row, instead: Partial<Row>): Row[] =>
  rows.map((other) => (other === row ? { ...row, ...instead } : other));

/** What can go wrong, each with what it must be called. */
const MUTATIONS: Record<string, [ViolationKind, (history: History, index: number) => History]> = {
  'a commit is lost whole, and was acknowledged': [
    'lost-acknowledged',
    (history, index) => {
      const row = pick(history.journal, index);
      return {
        ...history,
        acknowledged: [...history.acknowledged, row],
        journal: without(history.journal, row),
      };
    },
  ],
  'a candle is lost': [
    'partial-batch',
    (history, index) => {
      const group = pick(history.candles, index);
      return { ...history, candles: put(history.candles, group, { count: group.count - 1 }) };
    },
  ],
  'a stretch of coverage is lost': [
    'partial-batch',
    (history, index) => ({ ...history, coverage: without(history.coverage, pick(history.coverage, index)) }),
  ],
  'a journal row is lost': [
    'partial-batch',
    (history, index) => ({ ...history, journal: without(history.journal, pick(history.journal, index)) }),
  ],
  'a commit comes once more': [
    'double-commit',
    (history, index) => {
      const again = { ...pick(history.journal, index), position: history.journal.length + 1 };
      return { ...history, journal: [...history.journal, again] };
    },
  ],
  'a stale holder commits late': [
    'fence-regression',
    (history, index) => {
      const row = pick(history.journal, index);
      const newest = history.journal.findLast(({ lease }) => lease === row.lease)!;
      const late = { ...row, fence: newest.fence - 1, batch: 1, written: null, run: null };
      return { ...history, journal: [...history.journal, late] };
    },
  ],
  'a second holder commits under the same fence': [
    'fence-regression',
    (history, index) => {
      const thief = { ...pick(history.journal, index), holder: 'thief', batch: 1, written: null, run: null };
      const after = history.journal.findLast(({ lease }) => lease === thief.lease)!;
      return { ...history, journal: [...history.journal, { ...thief, fence: after.fence }] };
    },
  ],
};

it('finds nothing in what orderly commits leave behind', () => {
  fc.assert(
    fc.property(histories, (history) => {
      expect(checkHistory(history)).toEqual([]);
    }),
  );
});

it.each(Object.entries(MUTATIONS))('finds out when %s', (_, [kind, mutate]) => {
  fc.assert(
    fc.property(histories, place, (history, index) => {
      expect(checkHistory(mutate(history, index)).map((violation) => violation.kind)).toContain(kind);
    }),
  );
});
