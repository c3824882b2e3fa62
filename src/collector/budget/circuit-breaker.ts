import { backoffMs } from '../../common/backoff.js';
import type { Clock } from '../../common/clock.js';

export const BREAKER_STATES = ['closed', 'open', 'half-open'] as const;

export type BreakerState = (typeof BREAKER_STATES)[number];

/** So many failures in a row open it. */
const FAILURES = 5;
const WAIT = { baseMs: 10_000, maxMs: 120_000 };
/** How soon others ask again while one tries. */
const PROBE_RETRY_MS = 1000;

/**
 * Keeps requests from an exchange that does not answer: after five failures in a row nobody asks for 5 to 10 seconds; then
 * one may try, and the others follow if it succeeds. Otherwise the wait doubles, up to two minutes.
 */
export class CircuitBreaker {
  state: BreakerState = 'closed';
  /** When it came into this state, Unix ms. */
  since: number;
  lastError: string | null = null;

  private failures = 0;
  private openings = 0;
  private nextAttempt = 0;
  private probing = false;

  /** @param changed is told of each change of state */
  constructor(
    private readonly clock: Clock,
    private readonly changed: (breaker: CircuitBreaker) => void,
  ) {
    this.since = clock.now();
  }

  /** Until the next attempt, in milliseconds; 0 when requests may go. */
  get waitMs(): number {
    return this.state === 'open' ? Math.max(0, this.nextAttempt - this.clock.monotonic()) : 0;
  }

  /** @returns 0 when a request may go, which must be reported then; otherwise the milliseconds after which to ask again */
  enter(): number {
    if (this.state === 'closed') return 0;
    if (this.waitMs > 0) return this.waitMs;
    if (this.probing) return PROBE_RETRY_MS;
    this.become('half-open');
    this.probing = true;
    return 0;
  }

  /** The exchange has answered. */
  succeeded(): void {
    this.probing = false;
    this.failures = this.openings = 0;
    this.become('closed');
  }

  /** The exchange as such has failed. */
  failed(code: string): void {
    this.lastError = code;
    this.failures += 1;
    if (this.state === 'open' || (this.state === 'closed' && this.failures < FAILURES)) return;
    this.probing = false;
    this.nextAttempt = this.clock.monotonic() + backoffMs(this.openings, WAIT);
    this.openings += 1;
    this.become('open');
  }

  /** The request ended in a way that says nothing of the exchange: another may try. */
  undecided(): void {
    this.probing = false;
  }

  private become(state: BreakerState): void {
    if (state === this.state) return;
    this.state = state;
    this.since = this.clock.now();
    this.changed(this);
  }
}
