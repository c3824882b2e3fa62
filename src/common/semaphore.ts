interface Waiter {
  readonly urgent: boolean;
  readonly grant: () => void;
}

/** Lets at most `permits` tasks run at once, the urgent ones first, otherwise first come first served. */
export class Semaphore {
  private readonly waiting: Waiter[] = [];

  constructor(private permits: number) {}

  /** @throws the signal's reason when it aborts before a permit is free, or whatever `task` throws */
  async run<T>(task: () => Promise<T>, signal?: AbortSignal, { urgent = false } = {}): Promise<T> {
    await this.enter(urgent, signal);
    try {
      return await task();
    } finally {
      this.leave();
    }
  }

  /** Takes a permit if one is free. @returns what gives it back, or null when none is */
  tryEnter(): (() => void) | null {
    if (this.permits === 0) return null;
    this.permits -= 1;
    return () => this.leave();
  }

  private enter(urgent: boolean, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.permits > 0) {
      this.permits -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        urgent,
        grant: () => {
          signal?.removeEventListener('abort', aborted);
          resolve();
        },
      };
      const aborted = () => {
        this.waiting.splice(this.waiting.indexOf(waiter), 1);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', aborted, { once: true });
      const firstCalm = urgent ? this.waiting.findIndex((other) => !other.urgent) : -1;
      this.waiting.splice(firstCalm < 0 ? this.waiting.length : firstCalm, 0, waiter);
    });
  }

  private leave(): void {
    const next = this.waiting.shift();
    if (next) next.grant();
    else this.permits += 1;
  }
}
