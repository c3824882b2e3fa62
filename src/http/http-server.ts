import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import type { HttpOptions } from '../config/http-options.js';
import { COMPRESSION, prepareCompression } from './compression.js';
import { corsOptions } from './cors.js';
import { sendProblem, toProblem } from './problem.filter.js';
import {
  addressError,
  IDLE_MS,
  MAX_BODY,
  MAX_PATH_PARAMETER,
  RECEIVE_CHECK_MS,
  RECEIVE_MS,
  refuseConnection,
} from './request-limits.js';
import { RefusalForms } from './refusal-forms.js';
import { DATA_HEADERS, isPage, PAGE_HEADERS } from './security-headers.js';

/** Fastify, with its limits. */
export function createAdapter({ trustProxy }: Pick<HttpOptions, 'trustProxy'>): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: MAX_BODY,
    routerOptions: { maxParamLength: MAX_PATH_PARAMETER },
    requestTimeout: RECEIVE_MS,
    connectionTimeout: IDLE_MS,
    http: { headersTimeout: RECEIVE_MS, connectionsCheckingInterval: RECEIVE_CHECK_MS },
    trustProxy: typeof trustProxy === 'boolean' ? trustProxy : [...trustProxy],
    clientErrorHandler: refuseConnection,
    // Fastify itself refuses what never reaches a route, such as a malformed URL.
    frameworkErrors: (error: Error, _: unknown, reply: FastifyReply) => sendProblem(reply, toProblem(error)),
  });
}

/** What holds for every answer. To be called before the application listens: routes take it up as they are made. */
export async function prepareServer(app: NestFastifyApplication, { cors }: HttpOptions): Promise<void> {
  const server = app.getHttpAdapter().getInstance();
  const forms = app.get(RefusalForms, { strict: false });
  app.enableCors(corsOptions(cors));
  server.addHook('onRequest', (request, reply, done) => {
    const error = addressError(request.raw);
    if (!error) return done();
    const { status, type, body } = forms.of(request.url, error);
    void reply.status(status).type(type).send(body);
  });
  server.addHook('onRoute', (route) => {
    if (isPage(route.url)) route.helmet ??= PAGE_HEADERS;
  });
  const [{ default: helmet }, { default: compress }] = await Promise.all([
    import('@fastify/helmet'),
    import('@fastify/compress'),
  ]);
  await app.register(helmet, DATA_HEADERS);
  server.addHook('onSend', (request, reply, _payload, done) => {
    prepareCompression(request, reply);
    done();
  });
  await app.register(compress, COMPRESSION);
}
