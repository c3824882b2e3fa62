import type { EntityManager } from 'typeorm';
import type { CommitOptions } from '../candles/candle-store.js';
import type { Lane } from '../database/lanes.js';
import { SeriesRun } from './series-run.js';
import type { SeriesLedger, SeriesScope } from './series-scope.js';
import { SeriesTask } from './series-task.js';

/** A task that is done once per fire time: its runs are claimed, and end with an outcome, in `job_run`. */
export abstract class ScheduledTask extends SeriesTask {
  protected readonly job: SeriesRun;

  /** @param name of the job, without the series */
  constructor(scope: SeriesScope, ledger: SeriesLedger, name: string) {
    super(scope, ledger);
    this.job = new SeriesRun(`${name}:${scope.series.id}`, scope, ledger);
  }

  override async interrupt(manager: EntityManager): Promise<void> {
    await this.job.finish(manager, 'interrupted');
  }

  protected override get wanted(): boolean {
    return this.job.wanted;
  }

  protected override noteError(code: string): void {
    this.job.noteError(code);
  }

  /** Ends the run well, in a transaction of its own. */
  protected async close(lane: Lane, options: Omit<CommitOptions, 'lane' | 'also'> = {}): Promise<void> {
    const also = (manager: EntityManager) => this.job.finish(manager, 'ok');
    await this.ledger.commit([], [], { lane, also, ...options });
    this.job.closed();
  }
}
