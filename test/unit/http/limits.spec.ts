import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { Body, Controller, Get, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { Config } from '../../../src/config/config.js';
import { BulkReads } from '../../../src/http/bulk-reads.js';
import { toProblem } from '../../../src/http/problem.filter.js';
import { startTestApp } from './test-app.js';

@Controller('things')
class ThingsController {
  @Get()
  list(@Query() query: Record<string, string>) {
    return { parameters: Object.keys(query).length };
  }

  @Get('stream')
  stream() {
    const chunks = new Readable({ read() {} });
    chunks.push('first');
    return new StreamableFile(chunks, { type: 'text/plain' });
  }

  @Get(':id')
  one(@Param('id') id: string) {
    return { length: id.length };
  }

  @Post()
  store(@Body() body: { text?: string } | undefined) {
    return { stored: body?.text?.length ?? 0 };
  }
}

const start = () => startTestApp({}, [ThingsController]);

describe('addresses', () => {
  it('may be long, but not very long', async () => {
    const { ask } = await start();
    const codeOf = async (length: number) => {
      const prefix = '/things?a=';
      const { status, body, headers } = await ask({ path: prefix + 'x'.repeat(length - prefix.length) });
      if (status !== 200) expect(headers['content-type']).toMatch(/^application\/problem\+json/);
      return [status, body?.code];
    };
    expect(await codeOf(8192)).toEqual([200, undefined]);
    expect(await codeOf(8193)).toEqual([414, 'URI_TOO_LONG']);
    expect(await codeOf(15_000)).toEqual([414, 'URI_TOO_LONG']);
    // Node itself reads no more than 16 KiB.
    expect(await codeOf(20_000)).toEqual([414, 'URI_TOO_LONG']);
    expect(await codeOf(200_000)).toEqual([414, 'URI_TOO_LONG']);
    const headers = { 'x-long': 'x'.repeat(20_000) };
    const answer = await ask({ path: '/things', headers });
    expect([answer.status, answer.body.code]).toEqual([431, 'REQUEST_HEADER_FIELDS_TOO_LARGE']);
  });

  it('have a hundred parameters at most, and none of more than 200 characters in the path', async () => {
    const { ask } = await start();
    const query = (count: number) => Array.from({ length: count }, (_, i) => `p${i}=1`).join('&');
    expect((await ask({ path: `/things?${query(100)}` })).body).toEqual({ parameters: 100 });
    const refused = await ask({ path: `/things?${query(101)}` });
    expect([refused.status, refused.body.code]).toEqual([400, 'INVALID_PARAMETER']);
    expect(refused.body.errors).toEqual([{ parameter: 'request', message: 'at most 100 parameters' }]);
    expect((await ask({ path: `/things/${'x'.repeat(200)}` })).body).toEqual({ length: 200 });
    expect((await ask({ path: `/things/${'x'.repeat(201)}` })).status).toBe(414);
  });

  it.each(['/things/%zz', '/%', '/things/%E0%A4%A', '/things/%ff', '/%c0%ae%c0%ae/'])(
    'that cannot be decoded are refused: %s',
    async (path) => {
      const { ask } = await start();
      const { status, body } = await ask({ path });
      expect([status, body.code]).toEqual([400, 'BAD_REQUEST']);
    },
  );

  it.each(['/things?a=%zz', '/things?%', '/things?a=%E0%A4%A', '/things?%ff=%ff'])(
    'whose query cannot be decoded do no harm: %s',
    async (path) => {
      const { ask } = await start();
      expect((await ask({ path })).status).toBeLessThan(500);
    },
  );
});

describe('bodies', () => {
  it('are 64 KiB at most, in JSON that can be read', async () => {
    const { ask } = await start();
    const post = async (body: string, headers: Record<string, string> = {}) => {
      const answer = await ask({
        method: 'POST',
        path: '/things',
        body,
        headers: { 'content-type': 'application/json', ...headers },
      });
      return [answer.status, answer.body.code ?? answer.body.stored];
    };
    expect(await post(JSON.stringify({ text: 'x'.repeat(60_000) }))).toEqual([201, 60_000]);
    expect(await post(JSON.stringify({ text: 'x'.repeat(66_000) }))).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    expect(await post('{"text":')).toEqual([400, 'BAD_REQUEST']);
    expect(await post('<text/>', { 'content-type': 'application/xml' })).toEqual([
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ]);
    // What is compressed is not unpacked, so that a small body is none.
    const [status] = await post('not JSON', { 'content-encoding': 'gzip' });
    expect(status).toBe(400);
  });
});

describe('what is no HTTP', () => {
  it('is answered as a problem, and the connection is closed', async () => {
    const { port } = await start();
    const answer = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () => socket.write('this is no HTTP\r\n\r\n'));
      socket.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      socket.on('error', () => {});
      socket.on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/problem\+json/);
    expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });
});

describe('what is no HTTP behind a request', () => {
  it('does not get into the answer that is on its way', async () => {
    const { port } = await start();
    const answer = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () =>
        socket.write('GET /things/stream HTTP/1.1\r\nHost: a\r\n\r\n'),
      );
      socket.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
        if (text.endsWith('first\r\n')) socket.write('this is no HTTP\r\n\r\n');
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(answer).not.toContain('BAD_REQUEST');
  });
});

describe('headers of answers', () => {
  it('let nothing be loaded by data, and what is ours by pages', async () => {
    @Controller()
    class PagesController {
      @Get(['/', 'docs', 'docs/openapi.json', 'dashboard'])
      page() {
        return {};
      }
    }
    const { ask } = await startTestApp({}, [ThingsController, PagesController]);
    const policy = async (path: string) => (await ask({ path })).headers['content-security-policy'];
    for (const path of ['/things', '/nothing', '/docsandmore']) {
      expect(await policy(path)).toBe(`default-src 'none';frame-ancestors 'none'`);
    }
    for (const path of ['/', '/docs', '/docs/openapi.json', '/dashboard']) {
      const found = await policy(path);
      expect(found).toContain(`script-src 'self';style-src 'self' 'unsafe-inline';img-src 'self' data:;`);
      expect(found).toContain(`connect-src 'self'`);
      expect(found).toContain(`frame-ancestors 'none'`);
    }
  });
});

describe('bulk reads', () => {
  it.each([
    ['1', 1],
    ['2', 1],
    ['4', 3],
  ])('with %s readers, %i run at a time', (readers, most) => {
    const bulk = new BulkReads(Config.from({ DATABASE_READERS: readers }));
    const leave = Array.from({ length: most }, () => bulk.enter());
    let refusal: unknown;
    try {
      bulk.enter();
    } catch (error) {
      refusal = error;
    }
    expect(toProblem(refusal)).toMatchObject({ status: 503, code: 'TOO_MANY_BULK_READS' });
    // Given back twice is given back once.
    leave[0]!();
    leave[0]!();
    bulk.enter();
    expect(() => bulk.enter()).toThrow(expect.objectContaining({ code: 'TOO_MANY_BULK_READS' }) as Error);
  });
});
