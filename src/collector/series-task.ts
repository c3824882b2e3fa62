import type { EntityManager } from 'typeorm';
import { backoffMs } from '../common/backoff.js';
import { errorCode } from '../common/errors.js';
import { ExchangeError } from '../exchanges/exchange-errors.js';
import { claimRun, finishRun, type JobOutcome } from '../locks/job-runs.js';
import type { SeriesLedger, SeriesScope } from './series-scope.js';

const RETRY = { baseMs: 1000, maxMs: 60_000 };
/** Asking again does not help, but a symbol may be listed, or a setting mended at the exchange. */
const HOPELESS_RETRY_MS = 300_000;

/**
 * One kind of work on one series, done in steps under its lease. A step does one round trip to the exchange and one
 * commit, so that a more urgent task never waits for longer.
 */
export abstract class SeriesTask {
  /** Errors in a row. */
  failures = 0;

  private notBefore = 0;

  constructor(
    protected readonly scope: SeriesScope,
    protected readonly ledger: SeriesLedger,
  ) {}

  /** Milliseconds until there is something to do: 0 is now, Infinity is not until asked. */
  readyIn(now: number): number {
    return this.wanted ? Math.max(0, this.notBefore - now) : Infinity;
  }

  async run(signal: AbortSignal): Promise<void> {
    await this.step(signal);
    this.failures = 0;
  }

  /** Takes note of an error of `run`, and waits before the next: twice as long each time, or as the exchange asks. */
  failed(error: unknown, now: number): void {
    const wait = retryDelay(error, this.failures);
    this.failures += 1;
    this.postpone(now, wait);
    this.noteError(errorCode(error));
  }

  /** The worker stops in good order: leave no run open. */
  abstract interrupt(manager: EntityManager): Promise<void>;

  protected abstract get wanted(): boolean;

  protected abstract step(signal: AbortSignal): Promise<void>;

  protected abstract noteError(code: string): void;

  protected postpone(now: number, ms: number): void {
    this.notBefore = now + ms;
  }
}

function retryDelay(error: unknown, failures: number): number {
  if (!(error instanceof ExchangeError)) return backoffMs(failures, RETRY);
  if (!error.retryable) return HOPELESS_RETRY_MS;
  return Math.max(error.retryAfterMs ?? 0, backoffMs(failures, RETRY));
}

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
