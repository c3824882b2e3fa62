import type { StandardSchemaV1 } from '@standard-schema/spec';
import { CryptoFlowError } from '../common/errors.js';

export interface ParameterProblem {
  readonly parameter: string;
  readonly message: string;
}

/** The request is wrong as it stands. */
export class InvalidRequestError extends CryptoFlowError {
  constructor(
    code: 'INVALID_PARAMETER' | 'UNKNOWN_PARAMETER',
    readonly problems: readonly ParameterProblem[],
  ) {
    super(code, problems.map(({ parameter, message }) => `${parameter}: ${message}`).join('; '));
  }
}

type Issue = StandardSchemaV1.Issue & { readonly code?: string; readonly keys?: readonly string[] };

/** What a schema found wrong with a request, as one error. */
export function toInvalidRequest(issues: readonly Issue[]): InvalidRequestError {
  const unknown = issues.flatMap(({ keys, code }) => (code === 'unrecognized_keys' ? (keys ?? []) : []));
  if (unknown.length > 0) {
    return new InvalidRequestError(
      'UNKNOWN_PARAMETER',
      unknown.map((key) => ({ parameter: key.slice(0, 60), message: 'unknown parameter' })),
    );
  }
  return new InvalidRequestError(
    'INVALID_PARAMETER',
    issues.map(({ path = [], message }) => ({ parameter: path.map(String).join('.') || 'request', message })),
  );
}

export class UriTooLongError extends CryptoFlowError {
  constructor(most: number) {
    super('URI_TOO_LONG', `the address is longer than ${most} bytes`);
  }
}

/** A request was not received whole in time. */
export class SlowRequestError extends CryptoFlowError {
  constructor(seconds: number) {
    super('SLOW_REQUEST', `the request was not received within ${seconds} s`);
  }
}

/** The answer to a request did not begin in time. */
export class RequestTimeoutError extends CryptoFlowError {
  constructor(ms: number) {
    super('REQUEST_TIMEOUT', `there was no answer within ${ms} ms`);
  }
}

/** Whoever asked has hung up. Nobody gets to see this. */
export class ClientGoneError extends CryptoFlowError {
  constructor() {
    super('CLIENT_GONE', 'the client closed the connection before the end of the answer');
  }
}

export class ServiceStoppingError extends CryptoFlowError {
  constructor() {
    super('SERVICE_STOPPING', 'the service is stopping');
  }
}
