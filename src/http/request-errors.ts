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
