import { describe, expect, it } from 'vitest';
import { checkHistory, type ViolationKind } from '../../support/fault/check-history.js';
import type { History, JournalRow } from '../../support/fault/history.js';
import { makeHistory, type Step } from '../../support/fault/made-history.js';

const step: Step = { series: 1, takenOver: false, candles: 300, missing: 20, acknowledged: true, run: false };
const GOOD = makeHistory([
  step,
  { ...step, series: 2, missing: 0 },
  { ...step, run: true },
  { ...step, takenOver: true, acknowledged: false },
  { ...step, series: 2, candles: 0 },
  { ...step, takenOver: true, run: true },
]);
const [FIRST] = GOOD.journal as [JournalRow];

/** The good history with the rows of one table changed; `null` drops a row. */
function changed<Table extends keyof History>(
  table: Table,
  change: (row: History[Table][number], index: number) => History[Table][number] | null,
): History {
  const rows = (GOOD[table] as ReadonlyArray<History[Table][number]>).map(change);
  return { ...GOOD, [table]: rows.filter((row) => row !== null) };
}

const at =
  <Row>(index: number, change: (row: Row) => Row) =>
  (row: Row, place: number): Row =>
    place === index ? change(row) : row;

const drop =
  (index: number) =>
  <Row>(row: Row, place: number): Row | null =>
    place === index ? null : row;

const kinds = (history: History): ViolationKind[] => [
  ...new Set(checkHistory(history).map(({ kind }) => kind)),
];

describe('the history checker', () => {
  it('has nothing to say of a good history, nor of an empty one', () => {
    expect(checkHistory(GOOD)).toEqual([]);
    expect(checkHistory({ journal: [], acknowledged: [], candles: [], coverage: [], runs: [] })).toEqual([]);
  });

  it('rejects a commit under an older fence after a newer one', () => {
    // The stale holder finishes late: its commit comes last.
    const late = { ...FIRST, position: 7, batch: 2000, written: null };
    const history = { ...GOOD, journal: [...GOOD.journal, late] };
    expect(kinds(history)).toEqual(['fence-regression']);
  });

  it('rejects two holders under one fence', () => {
    const history = changed(
      'journal',
      at(2, (row) => ({ ...row, holder: 'host:other:boot:run' })),
    );
    expect(kinds(history)).toEqual(['fence-regression']);
  });

  it('lets each lease count its own fences', () => {
    const steps = [{ ...step, takenOver: true }, { ...step, series: 2 }, { ...step, takenOver: true }, step];
    expect(checkHistory(makeHistory(steps))).toEqual([]);
  });

  it('rejects the loss of a commit that was acknowledged, and not of one that was not', () => {
    const lost = (batch: number): History => ({
      journal: GOOD.journal.map((row) => (row.batch === batch ? { ...row, batch: 9 } : row)),
      acknowledged: GOOD.acknowledged,
      candles: GOOD.candles.map((group) => (group.batch === batch ? { ...group, batch: 9 } : group)),
      coverage: GOOD.coverage,
      runs: GOOD.runs,
    });
    expect(kinds(lost(FIRST.batch))).toEqual(['lost-acknowledged']);
    expect(kinds(lost(GOOD.journal[3]!.batch))).toEqual([]);
  });

  it('rejects an acknowledgement under another fence than the one committed', () => {
    const history = changed(
      'acknowledged',
      at(0, (row) => ({ ...row, fence: 7 })),
    );
    expect(kinds(history)).toEqual(['lost-acknowledged']);
  });

  it.each<[string, History]>([
    [
      'a batch without one of its candles',
      changed(
        'candles',
        at(0, (row) => ({ ...row, count: 299 })),
      ),
    ],
    ['a journal row without candles', changed('candles', drop(0))],
    ['candles without a journal row', changed('journal', drop(3))],
    [
      'candles outside of their window',
      changed(
        'candles',
        at(0, (row) => ({ ...row, first: -60_000 })),
      ),
    ],
    [
      'candles that another fence has overwritten',
      changed(
        'candles',
        at(0, (row) => ({ ...row, fence: 3 })),
      ),
    ],
    [
      'coverage of candles that are not there',
      changed(
        'coverage',
        at(0, (row) => ({ ...row, candles: 299 })),
      ),
    ],
    [
      'candles that coverage says are missing',
      changed(
        'coverage',
        at(1, (row) => ({ ...row, candles: 1 })),
      ),
    ],
    ['candles without coverage', changed('coverage', drop(0))],
    ['a missing stretch without its coverage', changed('coverage', drop(1))],
    [
      'an outcome without its journal row',
      changed(
        'journal',
        at(2, (row) => ({ ...row, run: null })),
      ),
    ],
    [
      'a journal row without its outcome',
      changed(
        'runs',
        at(0, (row) => ({ ...row, outcome: null })),
      ),
    ],
    [
      'an outcome under another fence',
      changed(
        'runs',
        at(0, (row) => ({ ...row, fence: 2 })),
      ),
    ],
  ])('rejects %s', (_, history) => {
    const acknowledged = history.acknowledged.filter(({ batch }) =>
      history.journal.some((row) => row.batch === batch),
    );
    expect(kinds({ ...history, acknowledged })).toEqual(['partial-batch']);
  });

  it('rejects a batch that was committed twice', () => {
    const again = { ...GOOD.journal[5]!, position: 7, written: null, run: null };
    expect(kinds({ ...GOOD, journal: [...GOOD.journal, again] })).toEqual(['double-commit']);
  });

  it('rejects a run that was committed twice, under whatever fence', () => {
    const again = { ...GOOD.journal[5]!, position: 7, batch: 2000, fence: 9, holder: 'b', written: null };
    expect(kinds({ ...GOOD, journal: [...GOOD.journal, again] })).toContain('double-commit');
  });
});
