import { backoffMs } from '../../common/backoff.js';
import type { Clock } from '../../common/clock.js';

export const BREAKER_STATES = ['closed', 'open', 'half-open'] as const;

export type BreakerState = (typeof BREAKER_STATES)[number];

/** So many failures in a row open it, when they are not all of one market among several. */
const FAILURES = 5;
/** For so long a market counts that was asked for. */
const RECENT_MS = 3_600_000;
const WAIT = { baseMs: 10_000, maxMs: 120_000 };
/** How soon others ask again while one tries. */
const PROBE_RETRY_MS = 1000;

/** The market that a request is about; null when it is about the exchange as a whole. */
type Subject = string | null;

/**
 * Keeps requests from an exchange that does not answer: after five failures in a row nobody asks for 5 to 10 seconds; then
 * one may try, and the others follow if it succeeds. Otherwise the wait doubles, up to two minutes.
 *
 * A market that is broken by itself, while the exchange has others, does not open it, however often it fails.
 */
export class CircuitBreaker {
  state: BreakerState = 'closed';
  /** When it came into this state, Unix ms. */
  since: number;
  lastError: string | null = null;

  private failures = 0;
  /** What the failures in a row were about. */
  private readonly failing = new Set<Subject>();
  /** When each market was last asked for, by the monotonic clock. */
  private readonly askedAt = new Map<string, number>();
  private openings = 0;
  private nextAttempt = 0;
  private probing = false;
  private lastProbe: Subject | undefined;

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
  enter(symbol: Subject): number {
    const now = this.clock.monotonic();
    if (symbol !== null) this.askedAt.set(symbol, now);
    if (this.state === 'closed') return 0;
    if (this.waitMs > 0) return this.waitMs;
    if (this.probing) return PROBE_RETRY_MS;
    // Else one broken market might try each time.
    const othersFirst = this.nextAttempt + PROBE_RETRY_MS - now;
    if (symbol === this.lastProbe && othersFirst > 0 && this.hasOthers(symbol)) return othersFirst;
    this.become('half-open');
    this.probing = true;
    this.lastProbe = symbol;
    return 0;
  }

  /** The exchange has answered. */
  succeeded(): void {
    this.probing = false;
    this.failures = this.openings = 0;
    this.failing.clear();
    this.lastProbe = undefined;
    this.become('closed');
  }

  /** A request has failed, by no fault of its own. */
  failed(code: string, symbol: Subject): void {
    this.lastError = code;
    this.failures += 1;
    this.failing.add(symbol);
    if (this.state === 'open' || (this.state === 'closed' && !this.isDown(symbol))) return;
    this.probing = false;
    this.nextAttempt = this.clock.monotonic() + Math.ceil(backoffMs(this.openings, WAIT));
    this.openings += 1;
    this.become('open');
  }

  /** The request ended in a way that says nothing of the exchange: another may try. */
  undecided(): void {
    this.probing = false;
  }

  /** Whether the failures in a row, of which this is the latest, are the exchange's own. */
  private isDown(latest: Subject): boolean {
    if (this.failures < FAILURES) return false;
    return latest === null || this.failing.size > 1 || !this.hasOthers(latest);
  }

  /** Whether other markets are asked for as well. */
  private hasOthers(than: Subject): boolean {
    const since = this.clock.monotonic() - RECENT_MS;
    return [...this.askedAt].some(([symbol, at]) => symbol !== than && at > since);
  }

  private become(state: BreakerState): void {
    if (state === this.state) return;
    this.state = state;
    this.since = this.clock.now();
    this.changed(this);
  }
}
