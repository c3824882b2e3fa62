import type { Clock } from '../../common/clock.js';
import { parseAge, parseHttpDate, parseRetryAfter } from '../answer-headers.js';

/** One call through the port, and what its HTTP answers said besides their bodies. */
export class CcxtCall {
  /** Status of the latest answer. */
  status: number | undefined;
  /**
   * Earliest moment of the answers, Unix ms: by then the exchange had closed whatever it had closed. Their `Date`, less
   * the `Age` of what a cache on the way had kept (RFC 9111).
   */
  serverTime: number | undefined;
  retryAfterMs: number | undefined;
  timedOut = false;

  constructor(
    private readonly clock: Clock,
    readonly signal: AbortSignal | undefined,
  ) {}

  answered(status: number, headers: unknown): void {
    this.status = status;
    const date = parseHttpDate(readHeader(headers, 'date'));
    if (date !== undefined) {
      const made = date - parseAge(readHeader(headers, 'age'));
      this.serverTime = Math.min(made, this.serverTime ?? made);
    }
    this.retryAfterMs = parseRetryAfter(readHeader(headers, 'retry-after'), this.clock.now());
  }
}

/** Reads a header from undici's plain object or from a WHATWG `Headers`. */
function readHeader(headers: unknown, name: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  const value: unknown =
    headers instanceof Headers ? headers.get(name) : (headers as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : undefined;
}
