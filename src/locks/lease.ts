import type { LeaseKey } from './lock-store.js';
import { LockLostError } from './lock-errors.js';

/**
 * A lease that this process holds, until `signal` aborts. What is done under it and does not end by a guarded
 * transaction (`LockService.transaction`) must stop when it aborts.
 */
export class Lease implements LeaseKey {
  private readonly controller = new AbortController();

  constructor(
    readonly name: string,
    readonly holder: string,
    readonly fence: number,
  ) {}

  /** Aborts with a `LockLostError` when the lease is lost, or near its end without renewal. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** @throws LockLostError when it is not held any more */
  assertHeld(): void {
    this.signal.throwIfAborted();
  }

  /** Ends it for all who work under it. */
  end(reason: string): void {
    if (!this.signal.aborted) this.controller.abort(new LockLostError(this.name, this.fence, reason));
  }
}
