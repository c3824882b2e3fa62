import { describe, expect, it } from 'vitest';
import { assignedTo, seatedHolders, seatName } from '../../../src/collector/series-assignment.js';
import type { LockRow } from '../../../src/locks/lock-store.js';

const series = [1, 2, 3, 4, 5].map((id) => ({ id }));

function row(name: string, holder: string, held = true): LockRow {
  return { name, holder, held, fence: 1, acquiredAt: 0, renewedAt: 0, expiresAt: 0, now: 0 };
}

describe('the assignment of series to collectors', () => {
  it('gives every series to exactly one, and nobody more than one above another', () => {
    for (const holders of [['a'], ['a', 'b'], ['a', 'b', 'c'], ['a', 'b', 'c', 'd', 'e', 'f']]) {
      const dealt = holders.map((holder) => assignedTo(holder, holders, series));
      expect(
        dealt
          .flat()
          .map(({ id }) => id)
          .toSorted((a, b) => a - b),
      ).toEqual([1, 2, 3, 4, 5]);
      const sizes = dealt.map((hand) => hand.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  });

  it('gives nothing to who has no seat', () => {
    expect(assignedTo('c', ['a', 'b'], series)).toEqual([]);
  });

  it('counts the seats that are held by the living, in the order of their numbers', () => {
    const leases = [
      row(seatName(10), 'late'),
      row(seatName(2), 'early'),
      row(seatName(3), 'gone', false),
      row(seatName(4), 'killed'),
      row('series:1', 'early'),
    ];
    expect(seatedHolders(leases, ({ holder }) => holder === 'killed')).toEqual(['early', 'late']);
  });
});
