import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isAbort, toProblem } from '../../http/problem.filter.js';
import type { Refusal } from '../../http/refusal-forms.js';
import { Log } from '../../logging/log.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/** The adapter reads the body whatever the status is, and knows only its own way to say that something failed. */
@Catch()
export class UdfErrorFilter implements ExceptionFilter {
  constructor(@Inject(Log) private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const { status, type, body } = refuseLikeUdf(error);
    if (status >= 500 && status !== 503 && !isAbort(error)) {
      const { method, url } = http.getRequest<FastifyRequest>();
      this.log.error('http.request.failed', { method, path: url.split('?')[0], error });
    }
    // Refused in the meantime: what its handler says now reaches nobody.
    if (reply.sent || reply.raw.headersSent) return;
    if (status === 503) void reply.header('retry-after', '1');
    void reply.status(status).header('cache-control', 'no-store').type(type).send(body);
  }
}

export function refuseLikeUdf(error: unknown): Refusal {
  const { status, detail, title } = toProblem(error);
  return { status, type: JSON_TYPE, body: JSON.stringify({ s: 'error', errmsg: detail ?? title }) };
}
