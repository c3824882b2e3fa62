/** The lease under which the candles of a series are written. */
export function seriesLease(id: number): string {
  return `series:${id}`;
}

const CLAIM_PREFIX = 'claim:';

/**
 * The lease that asks for a series: while somebody holds it, collectors leave the series alone, so that its lease is free
 * for him. It is a courtesy between them; what may be committed is decided by the fence of the series' own lease.
 */
export function claimLease(id: number): string {
  return `${CLAIM_PREFIX}${id}`;
}

interface ClaimRow {
  readonly name: string;
  readonly held: boolean;
}

/** The ids of the series that somebody alive asks for. */
export function claimedSeries<Row extends ClaimRow>(
  leases: readonly Row[],
  isAbandoned: (row: Row) => boolean,
): Set<number> {
  return new Set(
    leases
      .filter((row) => row.name.startsWith(CLAIM_PREFIX) && row.held && !isAbandoned(row))
      .map(({ name }) => Number(name.slice(CLAIM_PREFIX.length))),
  );
}
