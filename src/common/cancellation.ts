import { AsyncLocalStorage } from 'node:async_hooks';

const present = new AsyncLocalStorage<AbortSignal | undefined>();

/** Runs `work`; what it asks of the database is given up when the signal aborts, with the signal's reason. */
export function cancellable<T>(signal: AbortSignal, work: () => T): T {
  return present.run(signal, work);
}

/** Runs `work` for more than the one who asked for it first: nobody's going cancels it. */
export function shared<T>(work: () => T): T {
  return present.run(undefined, work);
}

/** Aborts when nobody waits any more for what is being done here; undefined where somebody always does. */
export function cancellation(): AbortSignal | undefined {
  return present.getStore();
}
