import type { Clock } from '../common/clock.js';
import type { Lease } from './lease.js';

/**
 * Keeps one lease alive: renews every third of its life, and ends it after two thirds without a renewal, by the
 * monotonic clock and counted from before the request that last succeeded. The last third is for work that is slow to
 * notice.
 */
export class LeaseKeeper {
  private readonly stopRenewing: () => void;
  private cancelEnd: () => void = () => undefined;
  private renewing = false;
  private renewedAt: number;

  /**
   * @param acquiredAt the monotonic clock before the lease was asked for
   * @param renew asks the store to extend the lease; false when it is somebody else's
   * @param lost is told why the lease ended
   */
  constructor(
    private readonly lease: Lease,
    private readonly ttlMs: number,
    private readonly acquiredAt: number,
    private readonly clock: Clock,
    private readonly renew: () => Promise<boolean>,
    private readonly lost: (reason: string) => void,
  ) {
    this.stopRenewing = clock.every(ttlMs / 3, () => void this.heartbeat());
    this.renewedAt = acquiredAt;
    this.renewed(acquiredAt);
    this.catchUp();
  }

  /** For how long it has been held, in milliseconds. */
  get heldMs(): number {
    return this.clock.monotonic() - this.acquiredAt;
  }

  /** Until it runs out if it is not renewed, in milliseconds. */
  get remainingMs(): number {
    return Math.max(0, this.renewedAt + this.ttlMs - this.clock.monotonic());
  }

  /** A renewal succeeded that was asked for at `askedAt` of the monotonic clock. */
  renewed(askedAt: number): void {
    this.renewedAt = askedAt;
    this.cancelEnd();
    const left = askedAt + (this.ttlMs * 2) / 3 - this.clock.monotonic();
    this.cancelEnd = this.clock.after(Math.max(0, left), () => this.end('not renewed in time'));
  }

  stop(): void {
    this.stopRenewing();
    this.cancelEnd();
  }

  private async heartbeat(): Promise<void> {
    if (this.renewing || this.lease.signal.aborted) return;
    this.renewing = true;
    const askedAt = this.clock.monotonic();
    try {
      const isOurs = await this.renew();
      this.renewing = false;
      if (!isOurs) return this.end('taken over by another');
      this.renewed(askedAt);
      this.catchUp();
    } catch {
      // The store did not answer: the next heartbeat asks again, and `end` comes when none succeeds in time.
      this.renewing = false;
    }
  }

  /** What waited for a third of the life or more has to be renewed at once: the next heartbeat would come too late. */
  private catchUp(): void {
    if (this.clock.monotonic() - this.renewedAt >= this.ttlMs / 3) void this.heartbeat();
  }

  private end(reason: string): void {
    this.stop();
    if (!this.lease.signal.aborted) this.lost(reason);
  }
}
