import { Inject, Injectable } from '@nestjs/common';
import { Log } from '../logging/log.js';

/** Counts the fire times that passed without a tick: the process was too busy, or not there. */
@Injectable()
export class SkippedSlots {
  /** By job. */
  readonly counts = new Map<string, number>();

  constructor(@Inject(Log) private readonly log: Log) {}

  /** @param slot the fire time that was missed, Unix ms */
  record(job: string, slot: number): void {
    this.counts.set(job, (this.counts.get(job) ?? 0) + 1);
    this.log.warn('job.slot.skipped', { job, slot });
  }
}
