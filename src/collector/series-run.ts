import type { EntityManager } from 'typeorm';
import { claimRun, finishRun, type JobOutcome } from '../locks/job-runs.js';
import type { SeriesLedger, SeriesScope } from './series-scope.js';

/** The run of a scheduled job for one series: claimed once per fire time, finished with an outcome. */
export class SeriesRun {
  /** Fire time of the run that is open, Unix ms. */
  private claimed: number | null = null;
  private requested: number | null = null;
  private newest = -Infinity;
  private lastError: string | null = null;

  /** @param job its name, `<job>:<series id>` */
  constructor(
    private readonly job: string,
    private readonly scope: SeriesScope,
    private readonly ledger: SeriesLedger,
  ) {}

  /** Fire time of the run that is open, Unix ms, or null. */
  get slot(): number | null {
    return this.claimed;
  }

  get open(): boolean {
    return this.claimed !== null;
  }

  get wanted(): boolean {
    return this.open || this.requested !== null;
  }

  /** A fire time has come. One that was seen before is passed over. */
  request(slot: number): void {
    if (slot > this.newest) this.requested = this.newest = slot;
  }

  noteError(code: string): void {
    this.lastError = code;
  }

  /** Claims the requested fire time, ending an older run that is still open. @returns whether a run is open */
  async claim(): Promise<boolean> {
    const { requested } = this;
    if (requested === null) return this.open;
    const { lease } = this.ledger;
    const won = await this.scope.locks.transaction(lease, async (manager) => {
      await this.finish(manager, this.lastError ?? 'superseded');
      return claimRun(manager, lease, this.job, requested);
    });
    this.claimed = won ? requested : null;
    if (this.requested === requested) this.requested = null;
    this.lastError = null;
    return won;
  }

  /** Writes the outcome in the caller's transaction; `closed` follows once that has been committed. */
  async finish(manager: EntityManager, outcome: JobOutcome): Promise<void> {
    if (this.claimed !== null) await finishRun(manager, this.ledger.lease, this.job, this.claimed, outcome);
  }

  closed(): void {
    this.claimed = null;
    this.lastError = null;
  }
}
