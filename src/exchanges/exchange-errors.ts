import { CryptoFlowError } from '../common/errors.js';

/** Why an exchange did not answer as asked. Each kind says whether asking again can help. */
export type ExchangeErrorCode =
  /** The exchange has no such symbol, or does not offer this interval for it. Asking again does not help. */
  | 'EXCHANGE_BAD_SYMBOL'
  /** The exchange refused the request as wrong. Asking again does not help. */
  | 'EXCHANGE_BAD_REQUEST'
  /** The credentials were refused. Asking again does not help. */
  | 'EXCHANGE_AUTHENTICATION'
  /** Too many requests; `retryAfterMs` where the exchange named a time. */
  | 'EXCHANGE_RATE_LIMITED'
  /** Network trouble, maintenance, or an answer that could not be read. */
  | 'EXCHANGE_UNAVAILABLE'
  /** No answer in time. */
  | 'EXCHANGE_TIMEOUT'
  /** It was not asked, for the exchange's sake or its own: an {@link ExchangeHeldBackError}. */
  | 'EXCHANGE_HELD_BACK';

const PERMANENT: ReadonlySet<ExchangeErrorCode> = new Set<ExchangeErrorCode>([
  'EXCHANGE_BAD_SYMBOL',
  'EXCHANGE_BAD_REQUEST',
  'EXCHANGE_AUTHENTICATION',
]);

export class ExchangeError extends CryptoFlowError {
  readonly retryAfterMs: number | undefined;

  constructor(
    override readonly code: ExchangeErrorCode,
    message: string,
    options: { cause?: unknown; retryAfterMs?: number } = {},
  ) {
    super(code, message, options);
    this.retryAfterMs = options.retryAfterMs;
  }

  /** Whether the same request may succeed later. */
  get retryable(): boolean {
    return !PERMANENT.has(this.code);
  }
}

/** Why an exchange is not asked: what it said, or that it does not answer. */
export type HeldBackReason =
  /** HTTP 418: the address is banned. */
  | 'banned'
  /** HTTP 429, or the like in the exchange's own words. */
  | 'rate-limited'
  /** HTTP 503 with a `Retry-After`. */
  | 'asked-to-wait'
  /** What it grants within its present window is nearly used up. */
  | 'quota'
  /** It failed again and again: the circuit breaker is open. */
  | 'unavailable';

/** The exchange was not asked, or its answer says no more than that it must not be asked now. No fault of the request. */
export class ExchangeHeldBackError extends ExchangeError {
  constructor(
    exchange: string,
    readonly reason: HeldBackReason,
    /** Until it may be asked again. */
    override readonly retryAfterMs: number,
    options: { cause?: unknown } = {},
  ) {
    const seconds = Math.ceil(retryAfterMs / 1000);
    super('EXCHANGE_HELD_BACK', `${exchange} is not asked for ${seconds} s: ${reason}`, {
      ...options,
      retryAfterMs,
    });
  }
}
