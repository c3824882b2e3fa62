import { abortable } from '../abortable.js';

/**
 * Work that many may wait for and that runs once at a time. A caller who aborts only stops waiting; the work itself is
 * cancelled when nobody waits any more.
 */
export class SharedLoad<T> {
  private current: { promise: Promise<T>; controller: AbortController; waiting: number } | undefined;
  private settled: Promise<unknown> = Promise.resolve();

  constructor(private readonly load: (signal: AbortSignal) => Promise<T>) {}

  /** @throws the signal's reason, or whatever the work throws */
  async join(signal: AbortSignal | undefined): Promise<T> {
    signal?.throwIfAborted();
    const shared = (this.current ??= this.start());
    shared.waiting += 1;
    try {
      return await abortable(shared.promise, signal);
    } finally {
      shared.waiting -= 1;
      if (shared.waiting === 0) {
        if (this.current === shared) this.current = undefined;
        shared.controller.abort();
      }
    }
  }

  private start() {
    const controller = new AbortController();
    // A load that was given up may still be on its way out.
    const promise = this.settled
      .then(() => this.load(controller.signal))
      .finally(() => {
        if (this.current === shared) this.current = undefined;
      });
    const shared = { promise, controller, waiting: 0 };
    this.settled = promise.catch(() => undefined);
    return shared;
  }
}
