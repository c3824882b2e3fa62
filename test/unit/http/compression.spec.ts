import { brotliDecompressSync, createGunzip, gunzipSync } from 'node:zlib';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { Controller, Get, Header, Query, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { describe, expect, it } from 'vitest';
import { until } from '../../support/fixtures/until.js';
import { startTestApp } from './test-app.js';

const DECODE = { br: brotliDecompressSync, gzip: gunzipSync } as const;
const rows = (count: number) =>
  Array.from({ length: count }, (_, i) => `${1_700_000_000_000 + i},15463.05,15487.23,${i}\n`).join('');
let lines: Readable;

@Controller('data')
class DataController {
  @Get()
  data(
    @Query() { type, count }: { type: string; count: string },
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    void reply.type(type).header('etag', 'W/"1"');
    return Buffer.from(rows(Number(count)));
  }

  @Get('lines')
  @Header('content-type', 'application/x-ndjson')
  lines() {
    lines = new Readable({ read() {} });
    return new StreamableFile(lines, { type: 'application/x-ndjson' });
  }
}

const start = () => startTestApp({}, [DataController]);
const path = (type: string, count = 2000) => `/data?type=${encodeURIComponent(type)}&count=${count}`;

describe('answers in text', () => {
  it.each(['br', 'gzip'] as const)('are compressed as %s, and are the same afterwards', async (encoding) => {
    const { ask } = await start();
    for (const type of ['application/json', 'text/csv; charset=utf-8', 'application/x-ndjson']) {
      // Those of up to 64 KiB are compressed at once, longer ones beside the event loop.
      for (const count of [40, 100, 2000, 50_000]) {
        const plain = await ask({ path: path(type, count) });
        const packed = await ask({ path: path(type, count), headers: { 'accept-encoding': encoding } });
        expect(packed.headers['content-encoding']).toBe(encoding);
        expect(DECODE[encoding](packed.bytes).equals(plain.bytes)).toBe(true);
        expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 2);
        expect(plain.headers['content-encoding']).toBeUndefined();
        expect(Number(plain.headers['content-length'])).toBe(plain.bytes.length);
        for (const { headers } of [plain, packed]) {
          expect(headers['vary']).toMatch(/accept-encoding/i);
          expect(headers['etag']).toBe('W/"1"');
        }
      }
    }
  });

  it.each([
    ['br, gzip', 'br'],
    ['gzip, deflate, br', 'br'],
    ['gzip;q=1, br;q=0', 'gzip'],
    ['deflate', undefined],
    ['identity', undefined],
    ['nonsense', undefined],
  ])('come as the client can take them: %s', async (accepted, encoding) => {
    const { ask } = await start();
    const answer = await ask({ path: path('text/csv'), headers: { 'accept-encoding': accepted } });
    expect([answer.status, answer.headers['content-encoding']]).toEqual([200, encoding]);
  });

  it('answer HEAD without a body', async () => {
    const { ask } = await start();
    for (const accepted of ['identity', 'gzip', 'br']) {
      const head = { method: 'HEAD', path: path('text/csv'), headers: { 'accept-encoding': accepted } };
      const { status, bytes, headers } = await ask(head);
      expect([status, bytes.length, headers['etag']]).toEqual([200, 0, 'W/"1"']);
    }
  });

  it('that are streams go out as they are written', async () => {
    const { port } = await start();
    let text = '';
    let ended = false;
    const headers = { 'accept-encoding': 'gzip' };
    const sent = request(
      { host: '127.0.0.1', port, path: '/data/lines', headers, agent: false },
      (answer) => {
        answer.on('end', () => (ended = true));
        expect(answer.headers['content-encoding']).toBe('gzip');
        answer.pipe(createGunzip()).on('data', (chunk: Buffer) => (text += chunk.toString()));
      },
    );
    lines = undefined!;
    sent.end();
    await until(() => lines !== undefined);
    for (const line of ['{"first":1}\n', '{"second":2}\n']) {
      const before = text;
      lines.push(line);
      await until(() => text === before + line);
    }
    lines.push(null);
    await until(() => ended);
  });
});

describe('other answers', () => {
  it.each([
    ['text/event-stream', 2000],
    ['application/vnd.apache.arrow.stream', 2000],
    ['application/octet-stream', 2000],
    ['image/png', 2000],
    ['application/json', 20],
  ])('stay as they are: %s, %i rows', async (type, count) => {
    const { ask } = await start();
    const answer = await ask({ path: path(type, count), headers: { 'accept-encoding': 'br, gzip' } });
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(answer.bytes.toString()).toBe(rows(count));
  });
});
