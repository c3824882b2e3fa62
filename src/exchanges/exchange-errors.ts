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
  | 'EXCHANGE_TIMEOUT';

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
