import { errorMessage } from '../../common/errors.js';
import { createRedact, secretsOf } from '../../config/secrets.js';
import { ExchangeError, type ExchangeErrorCode } from '../exchange-errors.js';
import type { CcxtCall } from './ccxt-call.js';
import type { CcxtLibrary } from './ccxt-library.js';

const MAX_MESSAGE = 200;
const MAX_STACK = 4000;
const URL_USER = /\/\/[^/\s@]+@/g;
const SIGNED = /\b(signature|sign|api_?key|secret|token|passphrase|password)=[^&\s"']+/gi;

/** In this order: a class comes before the ones it extends. */
const BY_CLASS: ReadonlyArray<readonly [string, ExchangeErrorCode]> = [
  ['BadSymbol', 'EXCHANGE_BAD_SYMBOL'],
  ['RateLimitExceeded', 'EXCHANGE_RATE_LIMITED'],
  ['DDoSProtection', 'EXCHANGE_RATE_LIMITED'],
  ['RequestTimeout', 'EXCHANGE_TIMEOUT'],
  ['OperationFailed', 'EXCHANGE_UNAVAILABLE'],
  ['AuthenticationError', 'EXCHANGE_AUTHENTICATION'],
  ['BadRequest', 'EXCHANGE_BAD_REQUEST'],
  ['ArgumentsRequired', 'EXCHANGE_BAD_REQUEST'],
  ['NotSupported', 'EXCHANGE_BAD_REQUEST'],
  ['InvalidProxySettings', 'EXCHANGE_BAD_REQUEST'],
  ['OperationRejected', 'EXCHANGE_BAD_REQUEST'],
];

/** Turns whatever ccxt or its HTTP client threw into an {@link ExchangeError} that holds no credential. */
export class CcxtErrors {
  private readonly redact: (text: string) => string;

  constructor(
    private readonly id: string,
    options: Readonly<Record<string, unknown>>,
  ) {
    const redact = createRedact(secretsOf({ exchanges: { [id]: options } }));
    this.redact = (text) => redact(text).replace(URL_USER, '//').replace(SIGNED, '$1=[redacted]');
  }

  translate(error: unknown, call: CcxtCall, library: CcxtLibrary | undefined): ExchangeError {
    if (error instanceof ExchangeError) return error;
    const code = codeOf(error, call, library);
    const retryAfterMs =
      code === 'EXCHANGE_RATE_LIMITED' || call.status === 503 ? call.retryAfterMs : undefined;
    return new ExchangeError(code, this.message(error), { cause: this.cause(error), retryAfterMs });
  }

  /** ccxt puts the whole body into the message, a web page as it may be. */
  private message(error: unknown): string {
    const text = this.redact(errorMessage(error)).replace(/\s+/g, ' ').trim();
    const named = text.startsWith(this.id) ? text : `${this.id} ${text}`;
    return named.length > MAX_MESSAGE ? `${named.slice(0, MAX_MESSAGE - 1)}…` : named;
  }

  /** A copy of the error that is safe to log: name, message and stack. */
  private cause(error: unknown): Error {
    const copy = new Error(this.message(error));
    if (error instanceof Error) {
      copy.name = error.name;
      copy.stack = this.redact(error.stack ?? '').slice(0, MAX_STACK);
    }
    return copy;
  }
}

function codeOf(error: unknown, call: CcxtCall, library: CcxtLibrary | undefined): ExchangeErrorCode {
  const status = call.status ?? 0;
  if (call.timedOut) return 'EXCHANGE_TIMEOUT';
  if (status === 429 || status === 418) return 'EXCHANGE_RATE_LIMITED';
  for (const [name, code] of BY_CLASS) {
    const Class = library?.errors[name];
    if (Class !== undefined && error instanceof Class) return code;
  }
  if (error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')) {
    return 'EXCHANGE_TIMEOUT';
  }
  // A plain ccxt ExchangeError: the exchange said no in words that ccxt does not know. Binance's 503 with -1008 is one.
  const known = library?.errors['ExchangeError'];
  const refused = known !== undefined && error instanceof known && status >= 400 && status < 500;
  return refused ? 'EXCHANGE_BAD_REQUEST' : 'EXCHANGE_UNAVAILABLE';
}
