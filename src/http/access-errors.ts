import { CryptoFlowError } from '../common/errors.js';
import type { Scope } from '../config/api-keys.js';

export class UnauthenticatedError extends CryptoFlowError {
  constructor() {
    super('UNAUTHENTICATED', 'send an API key, as `Authorization: Bearer <key>` or `X-API-Key: <key>`');
  }
}

/** Who asks is known, or need not be, and may not do this. */
export class ForbiddenScopeError extends CryptoFlowError {
  constructor(message: string) {
    super('FORBIDDEN_SCOPE', message);
  }

  /** The key may do less. */
  static ofKey(required: Scope): ForbiddenScopeError {
    return new ForbiddenScopeError(`this takes a key with the scope \`${required}\``);
  }

  /** Without keys, changes are for programs of the same host only. */
  static withoutKeys(): ForbiddenScopeError {
    return new ForbiddenScopeError(
      'without API keys, changes are taken from this host only, on a loopback address and past no proxy: ' +
        'set CRYPTOFLOW_API_KEYS to allow them to whoever has a key',
    );
  }
}

/** A page of another origin wants to change something. */
export class ForeignOriginError extends CryptoFlowError {
  constructor() {
    super(
      'FOREIGN_ORIGIN',
      'pages of this origin may not change anything: CRYPTOFLOW_CORS_ORIGINS lists those that may',
    );
  }
}

/** A name that leads to a loopback address is not this host's own: a page elsewhere can have such a name. */
export class ForeignHostError extends CryptoFlowError {
  constructor() {
    super(
      'FOREIGN_HOST',
      'without API keys, changes are taken under the names `localhost` and IP addresses only',
    );
  }
}

export class RateLimitedError extends CryptoFlowError {
  /** @param retryAfter in whole seconds */
  constructor(readonly retryAfter: number) {
    super('RATE_LIMITED', `too many requests: ask again in ${retryAfter} s`);
  }
}
