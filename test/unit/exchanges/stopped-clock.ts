import { SystemClock } from '../../../src/common/clock.js';

/** The real timers, and a wall clock that moves only when told to. */
export class StoppedClock extends SystemClock {
  constructor(public time: number) {
    super();
  }

  override now(): number {
    return this.time;
  }
}
