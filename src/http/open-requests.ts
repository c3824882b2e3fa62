import type { IncomingMessage } from 'node:http';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../common/clock.js';
import { Config } from '../config/config.js';
import { Log } from '../logging/log.js';
import { RefusalForms } from './refusal-forms.js';
import { ClientGoneError, RequestTimeoutError, ServiceStoppingError } from './request-errors.js';

/** From the end of the streams, when the service stops, to that of requests that still have no answer. */
const GRACE_MS = 2000;

const known = new WeakMap<IncomingMessage, OpenRequest>();

/**
 * Aborts when nobody waits for the answer any more: the client has hung up, the time for an answer to begin is up, or the
 * service is stopping. What is done for one request only should heed it.
 *
 * @example
 * ```ts
 * await pipeline(rows, reply.raw, { signal: requestSignal(request) });
 * ```
 */
export function requestSignal(request: FastifyRequest): AbortSignal {
  return known.get(request.raw)?.signal ?? request.signal;
}

/** Requests that a handler is at work on: each begins to answer in time, or is refused. */
@Injectable()
export class OpenRequests implements OnModuleInit, OnModuleDestroy {
  private readonly open = new Set<OpenRequest>();
  private readonly timeoutMs: number;

  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(Config) { http }: Config,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
    @Inject(RefusalForms) private readonly forms: RefusalForms,
  ) {
    this.timeoutMs = http.requestTimeoutMs;
  }

  onModuleInit(): void {
    // There is none where only the application's context is made.
    const { httpAdapter } = this.host as Partial<HttpAdapterHost>;
    const server = httpAdapter?.getInstance<FastifyInstance>();
    // By now the body has been received: how long that may take is another limit.
    server?.addHook('preHandler', (request, reply, done) => {
      this.enter(request, reply);
      done();
    });
    server?.addHook('onSend', (request, _reply, _payload, done) => {
      known.get(request.raw)?.begin();
      done();
    });
  }

  /** Streams end; what was asked a moment ago may still be answered. */
  onModuleDestroy(): void {
    for (const request of this.open) if (request.hasBegun) request.abort(new ServiceStoppingError());
    this.clock.after(GRACE_MS, () => {
      for (const request of this.open) request.abort(new ServiceStoppingError());
    });
  }

  private enter(request: FastifyRequest, reply: FastifyReply): void {
    const { raw } = reply;
    const open = new OpenRequest(this.clock.after(this.timeoutMs, () => this.refuse(request, reply, open)));
    known.set(request.raw, open);
    this.open.add(open);
    raw.once('close', () => {
      this.open.delete(open);
      open.begin();
      if (!raw.writableFinished) open.abort(new ClientGoneError());
    });
  }

  private refuse(request: FastifyRequest, reply: FastifyReply, open: OpenRequest): void {
    // A handler that writes past Fastify has begun when the headers are out.
    if (!reply.sent && !reply.raw.headersSent) this.answer(request, reply, open);
  }

  private answer({ method, url }: FastifyRequest, reply: FastifyReply, open: OpenRequest): void {
    const error = new RequestTimeoutError(this.timeoutMs);
    const { status, type, body } = this.forms.of(url, error);
    const bytes = Buffer.from(body);
    this.log.warn('http.request.timeout', { method, path: url.split('?')[0], afterMs: this.timeoutMs });
    // From here on Fastify drops what the handler may still send: there is one answer. The headers that the handler has
    // set by now belong to its answer; those of this one are on the raw response.
    reply.hijack();
    reply.raw.writeHead(status, {
      'content-type': type,
      'content-length': bytes.length,
      'cache-control': 'no-store',
      'retry-after': '1',
    });
    reply.raw.end(bytes);
    open.abort(error);
  }
}

class OpenRequest {
  hasBegun = false;
  private controller: AbortController | undefined;
  private reason: Error | undefined;

  constructor(private readonly cancelTimeout: () => void) {}

  /** Made for those who ask: most requests are answered before anybody could. */
  get signal(): AbortSignal {
    if (!this.controller) {
      this.controller = new AbortController();
      if (this.reason) this.controller.abort(this.reason);
    }
    return this.controller.signal;
  }

  /** The answer is on its way: however long it takes, it is no longer timed. */
  begin(): void {
    this.hasBegun = true;
    this.cancelTimeout();
  }

  abort(reason: Error): void {
    this.reason ??= reason;
    this.controller?.abort(this.reason);
  }
}
