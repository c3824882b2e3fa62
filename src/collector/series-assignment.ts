import type { LockRow } from '../locks/lock-store.js';

const SEAT_PREFIX = 'collector:';

/** The lease by which a collector shows that it is there. Seats are numbered, so that their rows stay few. */
export function seatName(number: number): string {
  return `${SEAT_PREFIX}${number}`;
}

/** The holders of the seats that are taken by somebody alive, by seat number. */
export function seatedHolders(leases: readonly LockRow[], isAbandoned: (row: LockRow) => boolean): string[] {
  return leases
    .filter((row) => row.name.startsWith(SEAT_PREFIX) && row.held && !isAbandoned(row))
    .map((row) => ({ seat: Number(row.name.slice(SEAT_PREFIX.length)), holder: row.holder }))
    .toSorted((a, b) => a.seat - b.seat)
    .map(({ holder }) => holder);
}

/**
 * Deals the series out among the collectors like cards. Each collector computes this for itself; for as long as two
 * disagree, the lease of the series decides.
 *
 * @returns those that fall to `self`
 */
export function assignedTo<T extends { readonly id: number }>(
  self: string,
  holders: readonly string[],
  series: readonly T[],
): T[] {
  const place = holders.indexOf(self);
  if (place < 0) return [];
  return series.toSorted((a, b) => a.id - b.id).filter((_, index) => index % holders.length === place);
}
