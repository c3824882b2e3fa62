import { errorCode } from '../common/errors.js';
import { inLane, type LaneOptions } from '../database/lanes.js';
import { ScheduledTask } from './scheduled-task.js';

/** How soon it is looked again whether there is a place for one more page, and whether the pause is over. */
const CROWDED_RETRY_MS = 50;
const PAUSED_RETRY_MS = 500;
/** A pause lasts for as long as somebody reads: to wait for its end would keep the series from its sync. */
export const DO_NOT_WAIT: LaneOptions = { ifPaused: 'fail' };

/** A scheduled task that asks for many pages, in the lane `backfill`, and steps aside while such work is held back. */
export abstract class BulkTask extends ScheduledTask {
  get running(): boolean {
    return this.job.open;
  }

  /** A fire time, Unix ms. While a run is going on there is nothing to begin. */
  request(slot: number): void {
    if (!this.job.open) this.job.request(slot);
  }

  override readyIn(now: number): number {
    const wait = super.readyIn(now);
    return this.scope.isBulkPaused() ? Math.max(wait, PAUSED_RETRY_MS) : wait;
  }

  protected override async step(signal: AbortSignal): Promise<void> {
    try {
      if (await inLane('backfill', () => this.job.claim(), DO_NOT_WAIT)) await this.nextPage(signal);
    } catch (error) {
      if (errorCode(error) !== 'BULK_PAUSED') throw error;
      this.postpone(this.scope.clock.now(), PAUSED_RETRY_MS);
    }
  }

  /** Asks for one page and commits it, or ends the run. */
  protected abstract nextPage(signal: AbortSignal): Promise<void>;

  /** Does the work once there is a place for one more page on its way; where there is none, puts it off a little. */
  protected async inPlace(work: () => Promise<void>): Promise<void> {
    const leave = this.scope.tryEnterBulk();
    if (!leave) return this.postpone(this.scope.clock.now(), CROWDED_RETRY_MS);
    try {
      await work();
    } finally {
      leave();
    }
  }
}
