import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../common/clock.js';
import { Config } from '../config/config.js';
import { WRITER } from '../database/names.js';
import { Log } from '../logging/log.js';
import { holderState, thisHolder } from './holder.js';
import { LeaseKeeper } from './lease-keeper.js';
import { Lease } from './lease.js';
import { LeaseStatistics } from './lease-statistics.js';
import { LockLostError } from './lock-errors.js';
import { LockStore, type LeaseKey, type LockRow } from './lock-store.js';
import { SkewMonitor } from './skew-monitor.js';

/** A lease that is held here. */
export interface HeldLease extends LeaseKey {
  /** Until it runs out if it is not renewed, in milliseconds, by the monotonic clock. */
  readonly remainingMs: number;
}

/**
 * Leases with fences. At most one holder of a name can commit; that at most one process runs is not claimed: a process
 * that was stopped and goes on learns that it lost its lease by its next guarded transaction.
 */
@Injectable()
export class LockService implements BeforeApplicationShutdown {
  readonly holder = thisHolder();
  readonly statistics = new LeaseStatistics();

  private readonly ttlMs: number;
  private readonly held = new Map<Lease, LeaseKeeper>();
  private readonly skew: SkewMonitor;
  private skewed = false;
  private acquainted = false;

  constructor(
    @Inject(LockStore) private readonly store: LockStore,
    @InjectDataSource(WRITER) private readonly writer: DataSource,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
    @Inject(Config) config: Config,
  ) {
    this.ttlMs = config.leaseTtlMs;
    this.skew = new SkewMonitor(this.holder, this.ttlMs);
  }

  /**
   * Takes the lease, or returns null at once when another holds it. A holder that is provably dead does not count; one
   * that may be alive must have been silent for half a life before our eyes, whatever the wall clocks say. While this
   * process's clock disagrees with what others write, by more than a third of a life, it takes no lease at all; nor
   * before it can know that.
   */
  async acquire(name: string): Promise<Lease | null> {
    this.statistics.record({ kind: 'attempted', lock: name });
    if (!this.acquainted) await this.getAcquainted();
    const current = await this.store.find(name);
    if (current) this.observe([current]);
    if (this.refusesForSkew(name) || !this.acquainted) return null;
    const dead = current !== null && isAbandoned(current) ? current : undefined;
    // Asked on a reader first: a lease that is held costs no write.
    const free = current === null || dead !== undefined || (!current.held && this.isSilent(current));
    const lease = free ? await this.tryAcquire(name, dead) : null;
    if (lease && current && current.holder !== '') this.noteTakeover(lease, current);
    if (!lease) this.statistics.record({ kind: 'contended', lock: name });
    return lease;
  }

  /** Takes note of leases that somebody has read just now: what others write tells of our clock. */
  observe(rows: readonly LockRow[]): void {
    this.skew.observe(rows, this.clock.monotonic());
  }

  /** How far this clock is ahead of what others write, in milliseconds; negative when it is behind. */
  get clockSkewMs(): number {
    return this.skew.skewMs(this.clock.monotonic());
  }

  /** Whether the clock of this process is so wrong that it takes no lease. */
  get isSkewed(): boolean {
    return Math.abs(this.clockSkewMs) > this.ttlMs / 3;
  }

  /** The leases that are held here. */
  get leases(): HeldLease[] {
    return [...this.held].map(([{ name, holder, fence }, { remainingMs }]) => ({
      name,
      holder,
      fence,
      remainingMs,
    }));
  }

  /**
   * A transaction of the writer that commits only while the lease is held: it renews the lease, and so checks the
   * fence, inside itself.
   *
   * @throws LockLostError, with nothing committed
   */
  async transaction<T>(lease: Lease, run: (manager: EntityManager) => Promise<T>): Promise<T> {
    lease.assertHeld();
    let askedAt = 0;
    const result = await this.writer.transaction(async (manager) => {
      askedAt = this.clock.monotonic();
      if (!(await this.store.renew(lease, this.ttlMs, { manager }))) {
        this.statistics.record({ kind: 'fencedOff', lock: lease.name });
        this.lose(lease, 'its fence is not the newest');
        throw new LockLostError(lease.name, lease.fence, 'its fence is not the newest');
      }
      return run(manager);
    });
    this.held.get(lease)?.renewed(askedAt);
    return result;
  }

  /** Gives the lease back, once the work under it has settled. Nobody can take it for `minHoldMs` after it was acquired. */
  async release(lease: Lease, { minHoldMs = 0 } = {}): Promise<void> {
    if (!this.forget(lease)) return;
    lease.end('released');
    await this.store.release(lease, minHoldMs);
  }

  /** Whatever is still held is given back, so that another process need not wait for its end. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(
      [...this.held.keys()].map((lease) =>
        this.release(lease).catch((error: unknown) =>
          this.log.warn('lock.release.failed', { lock: lease.name, error }),
        ),
      ),
    );
  }

  /**
   * The first look at the others. A lease that has run out although its holder runs is a hint that our clock is ahead:
   * before that holder has been seen to renew, or to be silent, a lease that nobody holds would be taken by a wrong clock.
   */
  private async getAcquainted(): Promise<void> {
    const rows = await this.store.list();
    this.observe(rows);
    this.acquainted = rows.every(
      (row) => row.held || this.isSilent(row) || holderState(row.holder) !== 'alive',
    );
  }

  private refusesForSkew(name: string): boolean {
    const refuses = this.isSkewed;
    if (refuses) this.statistics.record({ kind: 'skewed', lock: name });
    if (refuses !== this.skewed) {
      this.skewed = refuses;
      this.log[refuses ? 'error' : 'info']('lock.clock_skewed', {
        refuses,
        skewMs: Math.round(this.clockSkewMs),
      });
    }
    return refuses;
  }

  private isSilent({ name, holder }: LockRow): boolean {
    if (holder === '' || holder === this.holder) return true;
    return this.skew.unchangedForMs(name, this.clock.monotonic()) >= this.ttlMs / 2;
  }

  private async tryAcquire(name: string, dead: LockRow | undefined): Promise<Lease | null> {
    const askedAt = this.clock.monotonic();
    const fence = await this.store.acquire(name, this.holder, this.ttlMs, dead);
    if (fence === null) return null;

    const lease = new Lease(name, this.holder, fence);
    const keeper = new LeaseKeeper(
      lease,
      this.ttlMs,
      askedAt,
      this.clock,
      () => this.store.renew(lease, this.ttlMs, { signal: lease.signal }),
      (reason) => this.lose(lease, reason),
    );
    this.held.set(lease, keeper);
    this.statistics.record({ kind: 'acquired', lock: name });
    return lease;
  }

  private noteTakeover({ name, fence }: Lease, from: LockRow): void {
    this.statistics.record({ kind: 'takenOver', lock: name });
    this.log.info('lock.taken_over', { lock: name, fence, from: from.holder });
  }

  private lose(lease: Lease, reason: string): void {
    if (!this.forget(lease)) return;
    this.statistics.record({ kind: 'lost', lock: lease.name });
    this.log.warn('lock.lost', { lock: lease.name, fence: lease.fence, reason });
    lease.end(reason);
  }

  /** @returns false when it was not held any more */
  private forget(lease: Lease): boolean {
    const keeper = this.held.get(lease);
    if (!keeper) return false;
    keeper.stop();
    this.held.delete(lease);
    this.statistics.record({ kind: 'ended', lock: lease.name, heldMs: keeper.heldMs });
    return true;
  }
}

/** Held, or left to run out, by a process that is certainly gone. */
export function isAbandoned(row: LockRow): boolean {
  return row.holder !== '' && holderState(row.holder) === 'dead';
}
