/**
 * An HTTP `Date` header in Unix milliseconds. It counts whole seconds, so it is up to a second behind.
 *
 * @returns undefined when absent or unreadable
 */
export function parseHttpDate(header: string | undefined): number | undefined {
  // oxlint-disable-next-line no-restricted-globals -- reads a date that was sent, not the time
  const time = Date.parse(header ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/** How long ago, in milliseconds, a cache on the way took the answer in, by its `Age` header; 0 when it came straight. */
export function parseAge(header: string | undefined): number {
  const text = header?.trim() ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) * 1000 : 0;
}

/**
 * How long a `Retry-After` header asks to wait: seconds, or an HTTP date.
 *
 * @param now Unix milliseconds
 * @returns milliseconds, not negative; undefined when absent or unreadable
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const until = parseHttpDate(text);
  return until === undefined ? undefined : Math.max(0, until - now);
}
