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
import { LockLostError } from './lock-errors.js';
import { LockStore, type LockRow } from './lock-store.js';
import { SkewMonitor } from './skew-monitor.js';

export interface LockCounts {
  acquired: number;
  /** Asked for while another held it. */
  contended: number;
  /** Acquired from a holder that had died without releasing. */
  takenOver: number;
  lost: number;
  /** Guarded transactions that were refused for their fence. */
  fencedOff: number;
  /** Not asked for at all, since the clock of this process is wrong. */
  skewed: number;
}

/**
 * Leases with fences. At most one holder of a name can commit; that at most one process runs is not claimed: a process
 * that was stopped and goes on learns that it lost its lease by its next guarded transaction.
 */
@Injectable()
export class LockService implements BeforeApplicationShutdown {
  readonly holder = thisHolder();
  readonly counts: LockCounts = { acquired: 0, contended: 0, takenOver: 0, lost: 0, fencedOff: 0, skewed: 0 };

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
    if (!this.acquainted) await this.getAcquainted();
    const current = await this.store.find(name);
    if (current) this.observe([current]);
    if (this.refusesForSkew() || !this.acquainted) return null;
    const dead = current !== null && isAbandoned(current) ? current : undefined;
    // Asked on a reader first: a lease that is held costs no write.
    const free = current === null || dead !== undefined || (!current.held && this.isSilent(current));
    const lease = free ? await this.tryAcquire(name, dead) : null;
    if (!lease) this.counts.contended += 1;
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
  get leases(): readonly Lease[] {
    return [...this.held.keys()];
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
      if (!(await this.store.renew(lease, this.ttlMs, manager))) {
        this.counts.fencedOff += 1;
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
    this.held.get(lease)?.stop();
    if (!this.held.delete(lease)) return;
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

  private refusesForSkew(): boolean {
    const refuses = this.isSkewed;
    if (refuses) this.counts.skewed += 1;
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
      () => this.store.renew(lease, this.ttlMs),
      (reason) => this.lose(lease, reason),
    );
    this.held.set(lease, keeper);
    this.counts.acquired += 1;
    if (dead) {
      this.counts.takenOver += 1;
      this.log.info('lock.taken_over', { lock: name, fence, from: dead.holder });
    }
    return lease;
  }

  private lose(lease: Lease, reason: string): void {
    this.held.get(lease)?.stop();
    if (!this.held.delete(lease)) return;
    this.counts.lost += 1;
    this.log.warn('lock.lost', { lock: lease.name, fence: lease.fence, reason });
    lease.end(reason);
  }
}

/** Held, or left to run out, by a process that is certainly gone. */
export function isAbandoned(row: LockRow): boolean {
  return row.holder !== '' && holderState(row.holder) === 'dead';
}
