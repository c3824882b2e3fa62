import type { Clock } from '../common/clock.js';

const HOUR = 3_600_000;

/** Counts what the write lock of the database cost this process. */
export class LockStatistics {
  /** `SQLITE_BUSY` answers by where they came: at `begin` they are retried; anywhere else they are a defect. */
  readonly busy = { begin: 0, open: 0, checkpoint: 0, unexpected: 0 };

  private timeouts = 0;
  private recentTimeouts: number[] = [];

  constructor(private readonly clock: Clock) {}

  countTimeout(): void {
    this.timeouts += 1;
    this.recentTimeouts.push(this.clock.monotonic());
  }

  get timeoutsTotal(): number {
    return this.timeouts;
  }

  get timeoutsLastHour(): number {
    const since = this.clock.monotonic() - HOUR;
    this.recentTimeouts = this.recentTimeouts.filter((at) => at >= since);
    return this.recentTimeouts.length;
  }
}
