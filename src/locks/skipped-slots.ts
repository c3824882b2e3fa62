import { Inject, Injectable } from '@nestjs/common';
import { Observed } from '../common/observed.js';
import { Log } from '../logging/log.js';

/** A fire time that passed without a tick: the process was too busy, or not there. */
export interface SkippedSlot {
  readonly job: string;
  /** The fire time, Unix ms. */
  readonly slot: number;
}

/** Makes known which fire times were missed. */
@Injectable()
export class SkippedSlots extends Observed<SkippedSlot> {
  constructor(@Inject(Log) private readonly log: Log) {
    super();
  }

  record(skipped: SkippedSlot): void {
    this.log.warn('job.slot.skipped', { ...skipped });
    this.tell(skipped);
  }
}
