import { backoffMs } from '../common/backoff.js';
import type { Clock } from '../common/clock.js';

const RETRY = { baseMs: 1000, maxMs: 60_000 };
/** A stream that has lasted for so long is sound again: until then a break counts as the next of a row. */
const STEADY_MS = 30_000;

/**
 * When the stream of an exchange may be tried again. All series of an exchange share one connection, and lose it together:
 * they wait together, and their attempt is one.
 */
export class StreamGate {
  private failures = 0;
  /** By the monotonic clock. */
  private closedUntil = -Infinity;

  constructor(private readonly clock: Clock) {}

  /** Resolves once the stream may be tried. @throws the signal's reason */
  async pass(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    for (let wait = this.waitMs; wait > 0; wait = this.waitMs) await this.clock.sleep(wait, signal);
  }

  /** The stream broke. What others tell of the same break is passed over. */
  failed(): void {
    if (this.waitMs > 0) return;
    this.closedUntil = this.clock.monotonic() + backoffMs(this.failures, RETRY);
    this.failures += 1;
  }

  /** An update came. */
  succeeded(): void {
    if (this.waitMs <= -STEADY_MS) this.failures = 0;
  }

  private get waitMs(): number {
    return this.closedUntil - this.clock.monotonic();
  }
}
