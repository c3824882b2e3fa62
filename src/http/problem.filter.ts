import { STATUS_CODES } from 'node:http';
import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CryptoFlowError, errorCode } from '../common/errors.js';
import { Log } from '../logging/log.js';
import { InvalidRequestError } from './request-errors.js';

/** RFC 9457 problem details. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** Stable and machine-readable. */
  readonly code: string;
  readonly detail?: string;
  readonly errors?: ReadonlyArray<{ readonly parameter: string; readonly message: string }>;
}

const STATUS: Readonly<Record<string, number>> = {
  INVALID_PARAMETER: 400,
  UNKNOWN_PARAMETER: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN_SCOPE: 403,
  FOREIGN_ORIGIN: 403,
  FOREIGN_HOST: 403,
  EXCHANGE_NOT_KEPT: 404,
  SYMBOL_NOT_KEPT: 404,
  INTERVAL_NOT_KEPT: 404,
  SERIES_NOT_KEPT: 404,
  NOT_CONFIRMED: 400,
  UNKNOWN_EXCHANGE: 400,
  TOO_MANY_STREAMS: 503,
  SLOW_REQUEST: 408,
  URI_TOO_LONG: 414,
  RATE_LIMITED: 429,
  CLIENT_GONE: 499,
  REQUEST_TIMEOUT: 503,
  SERVICE_STOPPING: 503,
  TOO_MANY_BULK_READS: 503,
  DATABASE_NOT_READY: 503,
  DATABASE_CLOSED: 503,
  READ_TOO_LONG: 503,
  ROLLUPS_NOT_BUILT: 503,
};

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Turns every error of a request into `application/problem+json`. What is not ours is logged, and not told. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(Log) private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const request = http.getRequest<FastifyRequest>();
    // Terminus answers an unhealthy check with an exception whose body is the report.
    const body = error instanceof HttpException ? error.getResponse() : undefined;
    if (typeof body === 'object' && 'details' in body) {
      void reply.status((error as HttpException).getStatus()).send(body);
      return;
    }
    const problem = toProblem(error);
    if (problem.status >= 500 && problem.status !== 503 && !isAbort(error)) {
      this.log.error('http.request.failed', {
        method: request.method,
        path: request.url.split('?')[0],
        error,
      });
    }
    // Refused in the meantime, or begun: what its handler says now reaches nobody.
    if (reply.sent || reply.raw.headersSent) return;
    if (problem.status === 503) void reply.header('retry-after', '1');
    sendProblem(reply, problem);
  }
}

export function sendProblem(reply: FastifyReply, problem: Problem): void {
  // What the handler said of its answer does not hold for this one.
  void reply.removeHeader('etag').removeHeader('last-modified').header('cache-control', 'no-store');
  void reply.status(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
}

/** An error as a problem: its own where it is one of ours, and nothing of its inside where it is not. */
export function toProblem(error: unknown): Problem {
  if (error instanceof CryptoFlowError && STATUS[error.code] !== undefined) {
    const errors = error instanceof InvalidRequestError ? { errors: error.problems } : {};
    return { ...named(STATUS[error.code]!, error.code), detail: error.message, ...errors };
  }
  if (error instanceof HttpException) return problemOfStatus(error.getStatus(), error.message);
  const { statusCode } = error as { statusCode?: number };
  // Fastify's own refusals: a body too large, a malformed URL.
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return problemOfStatus(statusCode, errorCode(error));
  return problemOfStatus(500, 'the request failed inside the service; its log says why');
}

/** What became of work that nobody waits for any more is no failure. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** A problem that has no code of its own: the status is its code. */
export function problemOfStatus(status: number, detail: string): Problem {
  const title = STATUS_CODES[status] ?? 'Error';
  return { ...named(status, title.toUpperCase().replaceAll(/[^A-Z]+/g, '_')), detail };
}

function named(status: number, code: string): Problem {
  const type = `urn:cryptoflow:problem:${code.toLowerCase().replaceAll('_', '-')}`;
  return { type, title: STATUS_CODES[status] ?? 'Error', status, code };
}
