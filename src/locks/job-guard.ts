import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../common/clock.js';
import { errorCode } from '../common/errors.js';
import { Log } from '../logging/log.js';
import { lastFireTime } from '../common/fire-times.js';
import { claimRun, finishRun, type JobOutcome } from './job-runs.js';
import type { Lease } from './lease.js';
import { LockService } from './lock.service.js';

/** What a guarded job is given. */
export interface JobContext {
  /** The fire time that this run is for, Unix ms. */
  readonly slot: number;
  /** Aborts when the lease is lost: stop then. */
  readonly signal: AbortSignal;
  /** A writer transaction that commits only while this process still holds the job's lease. */
  readonly transaction: <T>(run: (manager: EntityManager) => Promise<T>) => Promise<T>;
}

/** Runs a job once per fire time among all processes on one database. */
@Injectable()
export class JobGuard {
  constructor(
    @Inject(LockService) private readonly locks: LockService,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {}

  /**
   * Runs `job` under the lease `job:<name>` if nobody else does or did for this slot. Its error is logged and written
   * to `job_run`, and goes no further.
   *
   * @param slot the fire time, Unix ms
   * @returns whether it was run here
   */
  async run(name: string, slot: number, job: (context: JobContext) => Promise<void>): Promise<boolean> {
    let lease: Lease | null = null;
    try {
      lease = await this.locks.acquire(`job:${name}`);
      return lease !== null && (await this.runUnder(lease, name, slot, job));
    } catch (error) {
      this.log.warn('job.failed', { job: name, slot, error });
      return false;
    } finally {
      if (lease) await this.release(lease);
    }
  }

  /** The fire time that a tick of this expression is for, which comes now or is made up for. */
  slotOf(expression: string): number {
    const now = this.clock.now();
    return lastFireTime(expression, now) ?? now;
  }

  private async runUnder(
    lease: Lease,
    name: string,
    slot: number,
    job: (context: JobContext) => Promise<void>,
  ): Promise<boolean> {
    const claimed = await this.locks.transaction(lease, (manager) => claimRun(manager, lease, name, slot));
    if (!claimed) return false;
    const outcome = await this.attempt(name, slot, lease, job);
    await this.locks.transaction(lease, (manager) => finishRun(manager, lease, name, slot, outcome));
    return true;
  }

  private async release(lease: Lease): Promise<void> {
    await this.locks
      .release(lease)
      .catch((error: unknown) => this.log.warn('lock.release.failed', { lock: lease.name, error }));
  }

  private async attempt(
    name: string,
    slot: number,
    lease: Lease,
    job: (context: JobContext) => Promise<void>,
  ): Promise<JobOutcome> {
    try {
      await job({ slot, signal: lease.signal, transaction: (run) => this.locks.transaction(lease, run) });
      return 'ok';
    } catch (error) {
      const code = errorCode(error);
      // A process that was stopped for longer than its lease lives: the next fire time does the work.
      this.log[code === 'LOCK_LOST' ? 'warn' : 'error']('job.failed', { job: name, slot, error });
      return code;
    }
  }
}
