import type { LockRow } from './lock-store.js';

interface Sighting {
  readonly renewedAt: number;
  readonly fence: number;
  /** Monotonic clock when this renewal was seen first. */
  readonly since: number;
  /** The database's clock when the lease was looked at last. */
  readonly lookedAt: number;
  /** How far this renewal bears a time before the look that did not see it yet, in milliseconds. */
  readonly aheadMs: number;
}

/**
 * Compares this process's clock with what others write into their leases. On SQLite each process is its own "database
 * clock": one that is wrong would take live leases for expired, or be taken for dead.
 *
 * A renewal of another that lies in our future shows that we are behind. One that was written since we last looked, but
 * bears a time before that look, shows that we are ahead: if the next one does so too. Once it may have been stopped
 * between the moment at which it took the time and its COMMIT.
 */
export class SkewMonitor {
  private readonly sightings = new Map<string, Sighting>();
  private skew = { ms: 0, at: -Infinity };

  /**
   * @param self whose own leases tell nothing
   * @param forgetMs for how long a skew that was seen counts
   */
  constructor(
    private readonly self: string,
    private readonly forgetMs: number,
  ) {}

  /** Looks at leases as they were read just now. @param monotonic the monotonic clock, in milliseconds */
  observe(rows: readonly LockRow[], monotonic: number): void {
    for (const row of rows) {
      const before = this.sightings.get(row.name);
      const changed = !before || before.renewedAt !== row.renewedAt || before.fence !== row.fence;
      const since = changed ? monotonic : before.since;
      const aheadMs =
        before && changed ? Math.max(0, before.lookedAt - row.renewedAt) : (before?.aheadMs ?? 0);
      const { renewedAt, fence, holder, now } = row;
      this.sightings.set(row.name, { renewedAt, fence, since, lookedAt: now, aheadMs });
      if (holder === '' || holder === this.self) continue;
      const ahead = changed ? Math.min(aheadMs, before?.aheadMs ?? 0) : 0;
      const behind = Math.max(0, renewedAt - now);
      if (changed || behind > 0) this.skew = { ms: ahead > behind ? ahead : -behind, at: monotonic };
    }
  }

  /** How far this clock is ahead of another's, in milliseconds; negative when it is behind; 0 when nothing was seen. */
  skewMs(monotonic: number): number {
    return monotonic - this.skew.at > this.forgetMs ? 0 : this.skew.ms;
  }

  /** For how long the lease has not been renewed, by the monotonic clock: whatever the wall clocks say. */
  unchangedForMs(name: string, monotonic: number): number {
    const sighting = this.sightings.get(name);
    return sighting ? monotonic - sighting.since : 0;
  }
}
