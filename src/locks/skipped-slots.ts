import { Inject, Injectable } from '@nestjs/common';
import { Log } from '../logging/log.js';

/** A fire time that passed without a tick: the process was too busy, or not there. */
export interface SkippedSlot {
  readonly job: string;
  /** The fire time, Unix ms. */
  readonly slot: number;
}

/** Makes known which fire times were missed. */
@Injectable()
export class SkippedSlots {
  private readonly counted = new Map<string, number>();

  constructor(@Inject(Log) private readonly log: Log) {}

  /** How many were missed of each job that is watched. */
  get counts(): ReadonlyMap<string, number> {
    return this.counted;
  }

  /** Counts those of a job from now on. */
  watch(job: string): void {
    if (!this.counted.has(job)) this.counted.set(job, 0);
  }

  record(skipped: SkippedSlot): void {
    this.log.warn('job.slot.skipped', { ...skipped });
    this.counted.set(skipped.job, (this.counted.get(skipped.job) ?? 0) + 1);
  }
}
