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
  EXCHANGE_NOT_KEPT: 404,
  SYMBOL_NOT_KEPT: 404,
  INTERVAL_NOT_KEPT: 404,
  SERIES_NOT_KEPT: 404,
  DATABASE_NOT_READY: 503,
  DATABASE_CLOSED: 503,
  READ_TOO_LONG: 503,
  ROLLUPS_NOT_BUILT: 503,
};

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
    if (problem.status >= 500 && problem.status !== 503) {
      this.log.error('http.request.failed', {
        method: request.method,
        path: request.url.split('?')[0],
        error,
      });
    }
    if (problem.status === 503) void reply.header('retry-after', '1');
    sendProblem(reply, problem);
  }
}

export function sendProblem(reply: FastifyReply, problem: Problem): void {
  const { status } = problem;
  void reply.status(status).type('application/problem+json; charset=utf-8').send(JSON.stringify(problem));
}

/** An error as a problem: its own where it is one of ours, and nothing of its inside where it is not. */
export function toProblem(error: unknown): Problem {
  if (error instanceof CryptoFlowError && STATUS[error.code] !== undefined) {
    const errors = error instanceof InvalidRequestError ? { errors: error.problems } : {};
    return { ...named(STATUS[error.code]!, error.code), detail: error.message, ...errors };
  }
  if (error instanceof HttpException) return fromStatus(error.getStatus(), error.message);
  const { statusCode } = error as { statusCode?: number };
  // Fastify's own refusals: a body too large, a malformed URL.
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return fromStatus(statusCode, errorCode(error));
  return fromStatus(500, 'the request failed inside the service; its log says why');
}

function fromStatus(status: number, detail: string): Problem {
  const title = STATUS_CODES[status] ?? 'Error';
  return { ...named(status, title.toUpperCase().replaceAll(/[^A-Z]+/g, '_')), detail };
}

function named(status: number, code: string): Problem {
  const type = `urn:cryptoflow:problem:${code.toLowerCase().replaceAll('_', '-')}`;
  return { type, title: STATUS_CODES[status] ?? 'Error', status, code };
}
