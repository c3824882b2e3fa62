/**
 * Exponential backoff with full jitter between half and the whole of the step.
 *
 * @param attempt 0 for the first retry
 * @returns milliseconds to wait
 */
export function backoffMs(attempt: number, { baseMs = 500, maxMs = 60_000 } = {}): number {
  const step = Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 30));
  return step / 2 + Math.random() * (step / 2);
}
