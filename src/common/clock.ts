import { setTimeout as delay } from 'node:timers/promises';

/**
 * Where time comes from. Everything outside `common/` asks this port, so that a test or a fault can move time.
 */
export abstract class Clock {
  /** Wall clock, Unix milliseconds. May jump. */
  abstract now(): number;

  /** Monotonic clock, milliseconds from an arbitrary origin. Never jumps: leases are judged by it. */
  abstract monotonic(): number;

  /**
   * Resolves after `ms` milliseconds.
   *
   * @throws the signal's reason, as soon as it aborts
   */
  abstract sleep(ms: number, signal?: AbortSignal): Promise<void>;

  /** Calls `task` every `ms` milliseconds until the returned function is called. Does not keep the process alive. */
  abstract every(ms: number, task: () => void): () => void;

  /** Calls `task` once after `ms` milliseconds unless the returned function is called first. Does not keep the process alive. */
  abstract after(ms: number, task: () => void): () => void;
}

export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    try {
      await delay(ms, undefined, { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  }

  every(ms: number, task: () => void): () => void {
    const timer = setInterval(task, ms);
    timer.unref();
    return () => clearInterval(timer);
  }

  after(ms: number, task: () => void): () => void {
    const timer = setTimeout(task, ms);
    timer.unref();
    return () => clearTimeout(timer);
  }
}
