import { request } from 'node:http';
import { Readable } from 'node:stream';
import { Controller, Get, Req, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { requestSignal } from '../../../src/http/open-requests.js';
import { gate, until } from '../../support/fixtures/until.js';
import { startTestApp, type TestApp } from './test-app.js';

let signal: AbortSignal;
/** What the handler waits for. */
let wait = gate<unknown>();
let more: Readable;

@Controller('slow')
class SlowController {
  @Get()
  async answer(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    signal = requestSignal(request);
    void reply.header('etag', 'W/"of the answer"').header('cache-control', 'max-age=60');
    return await wait.opened;
  }

  @Get('heeding')
  async heeding(@Req() request: FastifyRequest) {
    signal = requestSignal(request);
    await new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  }

  @Get('stream')
  stream(@Req() request: FastifyRequest) {
    signal = requestSignal(request);
    more = new Readable({ read() {} });
    more.push('first ');
    return new StreamableFile(more, { type: 'text/plain' });
  }

  @Get('past-fastify')
  pastFastify(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    signal = requestSignal(request);
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
    reply.raw.write('data: 1\n\n');
    void wait.opened.then(() => reply.raw.end('data: 2\n\n'));
  }
}

const start = (timeout = '150ms') => {
  wait = gate<unknown>();
  return startTestApp({ CRYPTOFLOW_REQUEST_TIMEOUT: timeout }, [SlowController]);
};

/** Opens a request, and tells what of its answer has come. */
function open({ port }: TestApp, path: string) {
  const state = { text: '', ended: false };
  const sent = request({ host: '127.0.0.1', port, path, agent: false }, (answer) => {
    answer.setEncoding('utf8').on('data', (text: string) => (state.text += text));
    answer.on('end', () => (state.ended = true));
    answer.on('error', () => {});
  });
  sent.on('error', () => {});
  sent.end();
  return { state, hangUp: () => sent.destroy() };
}

describe('a request that has no answer in time', () => {
  it('is refused once, whatever its handler does later', async () => {
    const { ask, log } = await start();
    for (const later of [{ too: 'late' }, new Error('too late')]) {
      wait = gate<unknown>();
      const refused = await ask({ path: '/slow' });
      expect([refused.status, refused.body.code]).toEqual([503, 'REQUEST_TIMEOUT']);
      expect(refused.headers).toMatchObject({
        'content-type': 'application/problem+json; charset=utf-8',
        'retry-after': '1',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'access-control-allow-origin': '*',
      });
      expect(refused.headers['etag']).toBeUndefined();
      expect(signal.reason).toMatchObject({ code: 'REQUEST_TIMEOUT' });
      wait.open(later instanceof Error ? Promise.reject(later) : later);
      // The server is as it was: an unhandled rejection or a second answer would have ended this process.
      wait = gate<unknown>();
      wait.open({ in: 'time' });
      expect((await ask({ path: '/slow' })).body).toEqual({ in: 'time' });
    }
    expect(log.named('http.request.timeout')).toEqual(
      [1, 2].map(() => ({ method: 'GET', path: '/slow', afterMs: 150 })),
    );
  });

  it('tells a handler that heeds its signal, which is no failure', async () => {
    const { ask, log } = await start();
    const refused = await ask({ path: '/slow/heeding' });
    expect([refused.status, refused.body.code]).toEqual([503, 'REQUEST_TIMEOUT']);
    expect(log.named('http.request.failed')).toEqual([]);
  });
});

describe('an answer that has begun', () => {
  it.each(['/slow/stream', '/slow/past-fastify'])('is not cut by the time limit: %s', async (path) => {
    const app = await start();
    const { state } = open(app, path);
    await until(() => state.text !== '');
    // Another request runs into its limit, which is later than that of the first.
    expect((await app.ask({ path: '/slow' })).status).toBe(503);
    if (path === '/slow/stream') {
      more.push('last');
      more.push(null);
    } else {
      wait.open(null);
    }
    await until(() => state.ended);
    expect(state.text).toMatch(/first last|data: 1\n\ndata: 2\n\n/);
  });

  it.each(['/slow/stream', '/slow/past-fastify', '/slow', '/slow/heeding'])(
    'is given up when the client hangs up: %s',
    async (path) => {
      const app = await start('1m');
      signal = AbortSignal.abort();
      const { hangUp } = open(app, path);
      await until(() => !signal.aborted);
      hangUp();
      await until(() => signal.aborted);
      expect(signal.reason).toMatchObject({ code: 'CLIENT_GONE' });
      wait.open({});
      expect(app.log.named('http.request.failed')).toEqual([]);
    },
  );

  it('is given up when the service stops; what has not begun may still be answered', async () => {
    const app = await start('1m');
    const { state } = open(app, '/slow/stream');
    await until(() => state.text !== '');
    const ofStream = signal;
    const waiting = app.ask({ path: '/slow' });
    await until(() => signal !== ofStream);
    const closed = app.app.close();
    await until(() => ofStream.aborted);
    expect(ofStream.reason).toMatchObject({ code: 'SERVICE_STOPPING' });
    expect(signal.aborted).toBe(false);
    wait.open({ still: 'answered' });
    more.push(null);
    expect((await waiting).body).toEqual({ still: 'answered' });
    await closed;
  });
});

describe('the signal of a request', () => {
  it('does not abort when all went well', async () => {
    const { ask } = await start();
    wait.open({});
    expect((await ask({ path: '/slow' })).status).toBe(200);
    const ofFirst = signal;
    expect((await ask({ path: '/slow' })).status).toBe(200);
    expect(ofFirst.aborted).toBe(false);
  });
});
