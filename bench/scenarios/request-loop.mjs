import { setTimeout as delay } from 'node:timers/promises';

/** What "the database is locked" looks like: to the plain package, and to a caller of CryptoFlow. */
const LOCK_ERRORS = new Set(['SQLITE_BUSY', 'WRITE_LOCK_TIMEOUT']);

/** @param {unknown} error */
export function isLockError(error) {
  return LOCK_ERRORS.has(/** @type {{ code?: string }} */ (error).code ?? '');
}

/**
 * Sends requests at a fixed rate whether or not earlier ones are answered, and counts each from the moment at which it
 * was due: what a stall delays is charged with it.
 *
 * @param {{ seconds: number, everyMs: number, request: (number: number) => Promise<unknown> }} options
 */
export async function requestLoop({ seconds, everyMs, request }) {
  /** @type {number[]} */
  const latencies = [];
  let lockErrors = 0;
  /** @type {Promise<void>[]} */
  const pending = [];
  const started = performance.now();
  for (let number = 0; number * everyMs < seconds * 1000; number += 1) {
    const due = started + number * everyMs;
    await delay(Math.max(0, due - performance.now()));
    const send = async () => {
      try {
        await request(number);
      } catch (error) {
        if (!isLockError(error)) throw error;
        lockErrors += 1;
      }
      latencies.push(performance.now() - due);
    };
    pending.push(send());
  }
  await Promise.all(pending);
  return { requests: latencies.length, lockErrors, latencies };
}
