import { request } from 'node:http';
import { connect } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { candlesPath, MINUTE, type SeriesBody } from '../support/service-data.js';
import { ServiceProcess } from '../support/service-process.js';

let service: ServiceProcess;
let start: number;
const BTC = { exchange: 'simulator', symbol: 'BTC/USDT', interval: '1m' };

beforeAll(async () => {
  start = Math.floor(Date.now() / MINUTE) * MINUTE - 2000 * MINUTE;
  service = await ServiceProcess.start({
    environment: {
      CRYPTOFLOW_MARKETS: 'simulator:BTC/USDT@1m',
      CRYPTOFLOW_BACKFILL: new Date(start).toISOString(),
    },
  });
  await service.poll('/api/v1/series', ({ body }) =>
    (body.series as SeriesBody[]).some(({ first, count }) => first === start && count >= 1900),
  );
});

/** As it comes over the wire: `fetch` would unpack it. */
function raw(path: string, { method = 'GET', ...headers }: Record<string, string> = {}) {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; bytes: Buffer }>(
    (resolve, reject) => {
      const sent = request(service.url + path, { method, headers, agent: false }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () =>
          resolve({ status: answer.statusCode!, headers: answer.headers, bytes: Buffer.concat(chunks) }),
        );
      });
      sent.on('error', reject);
      sent.end();
    },
  );
}

/** What comes of bytes that are written one piece after the other, until the service hangs up. */
function send(write: (socket: ReturnType<typeof connect>) => void): Promise<{ text: string; ms: number }> {
  return new Promise((resolve) => {
    const began = performance.now();
    let text = '';
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1', () => write(socket));
    socket.setEncoding('utf8').on('data', (chunk) => (text += chunk));
    socket.on('error', () => {});
    socket.on('close', () => resolve({ text, ms: performance.now() - began }));
  });
}

describe('compression', () => {
  it.each([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ] as const)('by %s changes no byte of a page', async (encoding, decode) => {
    // A window that is closed: the same at every time.
    const range = { ...BTC, from: start, to: start + 1000 * MINUTE };
    for (const query of [range, { ...range, format: 'csv' }, { ...range, limit: 30 }]) {
      const plain = await raw(candlesPath(query));
      const packed = await raw(candlesPath(query), { 'accept-encoding': encoding });
      expect([plain.status, packed.status]).toEqual([200, 200]);
      expect(plain.headers['content-encoding']).toBeUndefined();
      expect(packed.headers['content-encoding']).toBe(encoding);
      expect(decode(packed.bytes).equals(plain.bytes)).toBe(true);
      expect(packed.bytes.length).toBeLessThan(plain.bytes.length);
      expect(packed.headers['vary']).toMatch(/accept-encoding/i);
    }
    const head = await raw(candlesPath(range), { method: 'HEAD', 'accept-encoding': encoding });
    expect([head.status, head.bytes.length]).toEqual([200, 0]);
    const short = await raw('/api/health/live', { 'accept-encoding': encoding });
    expect(short.headers['content-encoding']).toBeUndefined();
  });
});

describe('a request', () => {
  it('that is too long is refused by its length', async () => {
    for (const length of [9000, 15_000, 30_000]) {
      const { status, bytes, headers } = await raw(`/api/v1/series?x=${'y'.repeat(length)}`);
      expect(headers['content-type']).toMatch(/^application\/problem\+json/);
      expect([status, (JSON.parse(bytes.toString()) as { code: string }).code]).toEqual([
        414,
        'URI_TOO_LONG',
      ]);
    }
  });

  it.each([
    '/api/v1/series/%zz',
    '/api/v1/series/%E0%A4%A/coverage',
    '/%',
    '/api/v1/candles/%ff',
    '/api/v1/candles?exchange=%zz&symbol=%E0%A4%A&interval=%',
    '/api/v1/series?%zz',
  ])('that cannot be decoded is the client’s mistake: %s', async (path) => {
    const { status, headers } = await raw(path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  });

  it('that takes too long to be sent is cut off', async () => {
    const beginnings = [
      'GET /api/v1/series HTTP/1.1\r\nHost: a\r\nX-Slow: ',
      'POST /api/v1/series HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n',
      '',
    ];
    const ends = beginnings.map((beginning) =>
      send((socket) => {
        socket.write(beginning);
        const timer = setInterval(() => socket.write(beginning === '' ? '' : 'x'), 200);
        socket.on('close', () => clearInterval(timer));
      }),
    );
    for (const { text, ms } of await Promise.all(ends)) {
      expect(text).toMatch(/HTTP\/1\.1 408 Request Timeout\r\n[^]*"code":"SLOW_REQUEST"/);
      expect(ms).toBeGreaterThan(9000);
      expect(ms).toBeLessThan(30_000);
    }
    expect((await service.get('/api/health/live')).status).toBe(200);
  });

  it('leaves nothing in the log that calls for anybody', () => {
    expect(service.complaints).toEqual([]);
  });
});
