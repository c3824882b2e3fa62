import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorCode } from '../../common/errors.js';
import { isAbort, toProblem } from '../../http/problem.filter.js';
import type { Refusal } from '../../http/refusal-forms.js';
import { Log } from '../../logging/log.js';
import { BinanceRefusal, CODE, INVALID_INTERVAL, INVALID_SYMBOL, type BinanceCode } from './refusal.js';

interface BinanceError {
  readonly status: number;
  readonly code: BinanceCode;
  readonly msg: string;
}

const JSON_TYPE = 'application/json; charset=utf-8';
/** Seconds after which to come again, where nobody has said it. */
const RETRY_AFTER = '1';

/** Turns every error of a request into Binance's `{code, msg}`. What is not ours is logged, and not told. */
@Catch()
export class BinanceFilter implements ExceptionFilter {
  constructor(@Inject(Log) private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const { status, code, msg } = toBinanceError(error);
    if (status >= 500 && !isAbort(error)) {
      const { method, url } = http.getRequest<FastifyRequest>();
      this.log.error('http.request.failed', { method, path: url.split('?')[0], error });
    }
    // Refused in the meantime, or begun: what its handler says now reaches nobody.
    if (reply.sent || reply.raw.headersSent) return;
    if (status === 429 && !reply.hasHeader('retry-after')) void reply.header('retry-after', RETRY_AFTER);
    void reply.status(status).header('cache-control', 'no-store').type(JSON_TYPE);
    void reply.send(JSON.stringify({ code, msg }));
  }
}

export function refuseLikeBinance(error: unknown): Refusal {
  const { status, code, msg } = toBinanceError(error);
  return { status, type: JSON_TYPE, body: JSON.stringify({ code, msg }) };
}

export function toBinanceError(error: unknown): BinanceError {
  if (error instanceof BinanceRefusal) {
    return { status: error.status, code: error.number, msg: error.message };
  }
  switch (errorCode(error)) {
    case 'EXCHANGE_NOT_KEPT':
    case 'SYMBOL_NOT_KEPT':
      return { status: 400, code: CODE.badSymbol, msg: INVALID_SYMBOL };
    case 'INTERVAL_NOT_KEPT':
      return { status: 400, code: CODE.badInterval, msg: INVALID_INTERVAL };
  }
  const { status } = toProblem(error);
  if (status === 401 || status === 403) {
    return { status: 401, code: CODE.badKey, msg: 'Invalid API-key, IP, or permissions for action.' };
  }
  // Clients try again after a 429. A 503 with a body of Binance's is to ccxt an error that will not go away.
  if (status === 429 || status === 503) {
    return { status: 429, code: CODE.tooManyRequests, msg: 'Too many requests queued.' };
  }
  const msg = 'An unknown error occurred while processing the request.';
  return { status: status < 500 ? status : 500, code: CODE.unknown, msg };
}
