import type { EntityManager } from 'typeorm';
import { backoffMs } from '../common/backoff.js';
import { errorCode } from '../common/errors.js';
import { ExchangeError, ExchangeHeldBackError } from '../exchanges/exchange-errors.js';
import type { SeriesLedger, SeriesScope } from './series-scope.js';

const RETRY = { baseMs: 1000, maxMs: 60_000 };
/** Asking again does not help, but a symbol may be listed, or a setting mended at the exchange. */
const HOPELESS_RETRY_MS = 300_000;
/** So that not all series come back at one moment. */
const HELD_BACK_JITTER_MS = 500;

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
    // Not asked is not failed.
    if (!(error instanceof ExchangeHeldBackError)) this.failures += 1;
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
  if (error instanceof ExchangeHeldBackError) return error.retryAfterMs + Math.random() * HELD_BACK_JITTER_MS;
  return Math.max(error.retryAfterMs ?? 0, backoffMs(failures, RETRY));
}
