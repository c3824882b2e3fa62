import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { FILES } from './page-files.js';
import { PageStore, type Encoding, type StoredFile } from './page-store.js';

/** Of what is asked for by the version that the page names, in seconds. */
const FOREVER = 31_536_000;

interface FileRequest {
  Querystring: { v?: unknown };
}

/**
 * The page and its files, which are the same for everybody and tell nothing. A browser has no way to send a key with them,
 * so that they are no controller's: the page asks for a key where the document takes one.
 */
@Injectable()
export class PageRoutes implements OnModuleInit {
  private readonly store = new PageStore();

  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  onModuleInit(): void {
    // There is none where only the application's context is made.
    const { httpAdapter } = this.host as Partial<HttpAdapterHost>;
    const server = httpAdapter?.getInstance<FastifyInstance>();
    if (!server) return;
    server.get('/docs', async (request, reply) => {
      return send(request, reply, await this.store.page(encodingFor(request)), 'no-cache');
    });
    // Its addresses are relative to the path without the slash.
    server.get('/docs/', (_request, reply) => reply.redirect('../docs', 308));
    for (const name of FILES) {
      server.get<FileRequest>(`/docs/${name}`, async (request, reply) => {
        const isCurrent = request.query.v === (await this.store.currentVersion());
        const keep = isCurrent ? `max-age=${FOREVER}, immutable` : 'no-cache';
        return send(request, reply, await this.store.file(name, encodingFor(request)), keep);
      });
    }
  }
}

function send(
  request: Pick<FastifyRequest, 'headers'>,
  reply: FastifyReply,
  { body, type, etag, encoding }: StoredFile,
  keep: string,
): FastifyReply {
  void reply.headers({ etag, 'cache-control': `public, ${keep}`, vary: 'accept-encoding' });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  if (encoding !== 'identity') void reply.header('content-encoding', encoding);
  return reply.type(type).send(body);
}

/** Browsers all take the first. */
function encodingFor({ headers }: Pick<FastifyRequest, 'headers'>): Encoding {
  const accepted = headers['accept-encoding'] ?? '';
  if (/\bbr\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(accepted)) return 'br';
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(accepted) ? 'gzip' : 'identity';
}
