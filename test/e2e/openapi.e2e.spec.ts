import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildDocument } from '../../src/openapi/document.js';
import { OPERATIONS } from '../../src/openapi/operations/operations.js';
import { FILES } from '../../src/openapi/page/page-files.js';
import { apiClient, type ApiClient } from '../support/client/client.js';
import {
  addressOf,
  documentedCheck,
  exampleOf,
  operationsOf,
  scopeOf,
  type Documented,
  type OpenApiDocument,
} from '../support/client/document.js';
import { ServiceProcess } from '../support/service-process.js';

const KEYS = { read: 'reading-key-1', write: 'writing-key-1', admin: 'ruling-key-1' };
const SCOPES = ['read', 'write', 'admin'] as const;
const BTC = { exchange: 'simulator', symbol: 'BTC/USDT', interval: '1m' } as const;

const environment = { CRYPTOFLOW_MARKETS: 'simulator:BTC/USDT@1m', CRYPTOFLOW_BACKFILL: '6h' };
const isJson = (type: string) => /^application\/json\b/.test(type);

let service: ServiceProcess;
let client: ApiClient;
let document: OpenApiDocument;

/** Removing comes last. */
const ordered = (all: Documented[]) => [
  ...all.filter(({ method }) => method !== 'DELETE'),
  ...all.filter(({ method }) => method === 'DELETE'),
];

beforeAll(async () => {
  service = await ServiceProcess.start({ environment });
  await service.poll('/api/v1/series', ({ body }) => body.series[0]?.count >= 300);
  client = apiClient(service.url);
  document = (await service.get('/docs/openapi.json')).body as OpenApiDocument;
});

describe('the document', () => {
  it('is the one of the sources, with the version of the package', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect(document).toEqual(JSON.parse(JSON.stringify(buildDocument(OPERATIONS, version))));
  });

  it('is not sent again to whoever has it', async () => {
    const { headers } = await service.get('/docs/openapi.json');
    const again = await service.get('/docs/openapi.json', { 'if-none-match': headers.get('etag')! });
    expect([again.status, again.text]).toEqual([304, '']);
    expect(headers.get('cache-control')).toBe('public, no-cache');
  });

  it('tells how the stream begins', async () => {
    const { path, operation } = operationsOf(document).find(({ operation: { operationId } }) => {
      return operationId === 'streamCandles';
    })!;
    const controller = new AbortController();
    const response = await fetch(service.url + addressOf(path, exampleOf(operation)), {
      signal: controller.signal,
    });
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    controller.abort();
  });

  it('tells every format of candles', async () => {
    const { operation } = operationsOf(document).find(({ path }) => path === '/api/v1/candles')!;
    const { query } = exampleOf(operation);
    for (const type of Object.keys(operation.responses['200']!.content!)) {
      const { status, headers } = await service.get(addressOf('/api/v1/candles', { path: {}, query }), {
        accept: type,
      });
      expect([status, headers.get('content-type')!.split(';')[0]]).toEqual([200, type]);
    }
  });
});

describe('a client made of it', () => {
  const pageOf = async (query: { exchange: string; from: string }) => {
    const { data } = await client.GET('/api/v1/candles', { params: { query } });
    if (typeof data !== 'object' || !('next' in data)) throw new Error('not a page of candles');
    return data;
  };

  it('reads candles, page by page', async () => {
    const query = { ...BTC, limit: '100', from: '0' };
    const first = await pageOf(query);
    expect(first.candles).toHaveLength(100);
    const second = await pageOf({ ...query, from: String(first.next) });
    expect(second.candles[0]![0]).toBe(first.candles.at(-1)![0]! + 60_000);
  });

  it('has series collected, left alone and removed', async () => {
    const body = { ...BTC, symbol: 'ADA/USDT', from: Date.now() - 3_600_000 };
    const { data, response } = await client.POST('/api/v1/series', { body });
    expect(response.status).toBe(201);
    const id = String(data!.id);
    const params = { path: { id } };
    expect((await client.POST('/api/v1/series/{id}/pause', { params })).data!.state).toBe('paused');
    expect((await client.POST('/api/v1/series/{id}/backfill', { params, body: {} })).response.status).toBe(
      202,
    );
    const query = { confirm: 'simulator:ADA/USDT@1m' };
    const removed = await client.DELETE('/api/v1/series/{id}', { params: { ...params, query } });
    expect(removed.data).toEqual({ id: data!.id, deleted: true });
    const { error } = await client.GET('/api/v1/series/{id}', { params });
    expect(error).toMatchObject({ status: 404, code: 'SERIES_NOT_KEPT' });
  });

  it('gets problems as such', async () => {
    const { error, data } = await client.GET('/api/v1/candles', {
      params: { query: { ...BTC, limit: '0' } },
    });
    expect(data).toBeUndefined();
    expect(error!.code).toBe('INVALID_PARAMETER');
    expect(error!.errors![0]!.parameter).toBe('limit');
  });
});

describe('the page', () => {
  const CSP_OWN = `script-src 'self'`;

  it('and its files come in each encoding, and are kept', async () => {
    const html = await (await fetch(`${service.url}/docs`)).text();
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=|style=/);
    const addresses = [...html.matchAll(/(?:src|href)="(docs\/[^"]+)"/g)].map(([, address]) => address!);
    const names = addresses.map((address) => /docs\/([^?]+)/.exec(address)![1]);
    expect(new Set(names)).toEqual(new Set(FILES));
    for (const address of addresses) {
      const texts: string[] = [];
      for (const encoding of ['br', 'gzip', 'identity']) {
        const response = await fetch(`${service.url}/${address}`, {
          headers: { 'accept-encoding': encoding },
        });
        expect(response.status).toBe(200);
        expect(response.headers.get('cache-control')).toMatch(/immutable/);
        expect(response.headers.get('content-security-policy')).toContain(CSP_OWN);
        expect(response.headers.get('vary')).toMatch(/accept-encoding/);
        const expected = address.includes('.png') || encoding === 'identity' ? null : encoding;
        expect(response.headers.get('content-encoding')).toBe(expected);
        texts.push(Buffer.from(await response.arrayBuffer()).toString('base64'));
        const etag = response.headers.get('etag')!;
        const again = await service.get(`/${address}`, { 'if-none-match': etag });
        expect([again.status, again.text]).toEqual([304, '']);
      }
      expect(new Set(texts).size, address).toBe(1);
    }
  });

  it('is made of the files of swagger-ui-dist, as they are', async () => {
    const { resolve } = createRequire(import.meta.url);
    for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']) {
      const response = await fetch(`${service.url}/docs/${name}`);
      const original = await readFile(resolve(`swagger-ui-dist/${name}`));
      expect(Buffer.from(await response.arrayBuffer()).equals(original), name).toBe(true);
      expect(response.headers.get('cache-control')).toBe('public, no-cache');
    }
  });

  it('leads nowhere else', async () => {
    const redirected = await fetch(`${service.url}/docs/`, { redirect: 'manual' });
    expect([redirected.status, redirected.headers.get('location')]).toEqual([308, '../docs']);
    for (const name of ['package.json', 'index.html', '%2e%2e%2fpackage.json', 'page.js%00', 'page.js/']) {
      expect((await service.get(`/docs/${name}`)).status, name).toBe(404);
    }
  });
});

// Last: it removes the series.
describe('each example', () => {
  it('is answered, and as the document says', async () => {
    for (const { method, path, operation } of ordered(operationsOf(document))) {
      const what = `${method} ${path}`;
      const { body, ...example } = exampleOf(operation);
      // Goes on for ever: it has a test of its own.
      if (operation.responses['200']?.content?.['text/event-stream']) continue;
      const { response } = await client.request(
        method.toLowerCase() as 'get',
        path as never,
        { params: example, body, parseAs: 'stream' } as never,
      );
      const told = operation.responses[response.status]?.content;
      expect(told, `${what}: ${response.status}`).toBeDefined();
      const type = response.headers.get('content-type')!.split(';')[0]!;
      const media = told![type] ?? told!['*/*'];
      expect(media, `${what}: ${type}`).toBeDefined();
      const text = await response.text();
      if (!isJson(type) || type !== Object.keys(told!)[0]) continue;
      const value: unknown = JSON.parse(text);
      const ours = OPERATIONS.find((one) => one.id === operation.operationId)!;
      const { schema } = ours.answers.find(({ status }) => status === response.status)!.content[0]!;
      // Nothing but what is told.
      expect(schema.parse(value), what).toEqual(value);
      documentedCheck(document, media!.schema).parse(value);
    }
  });
});

describe('with keys', () => {
  it('each operation takes a key of the scope that is told, and no narrower one', async () => {
    const entries = SCOPES.map((scope) => `${scope}@${KEYS[scope]}=${scope}`);
    const guarded = await ServiceProcess.start({
      environment: { ...environment, CRYPTOFLOW_API_KEYS: entries.join(' ') },
    });
    await guarded.until('candles', async () => {
      const { body } = await guarded.get('/api/v1/series', { 'x-api-key': KEYS.read });
      return body.series?.[0]?.count >= 300;
    });
    const statusOf = async ({ method, path, operation }: Documented, key?: string) => {
      const { body, ...example } = exampleOf(operation);
      const controller = new AbortController();
      const response = await fetch(guarded.url + addressOf(path, example), {
        method,
        headers: {
          ...(key && { authorization: `Bearer ${key}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: controller.signal,
      });
      controller.abort();
      return response.status;
    };
    for (const one of ordered(operationsOf(document))) {
      const what = `${one.method} ${one.path}`;
      const scope = scopeOf(one.operation);
      expect((await statusOf(one)) === 401, what).toBe(scope !== null);
      if (scope === null) continue;
      const place = SCOPES.indexOf(scope as 'read');
      for (const narrower of SCOPES.slice(0, place)) {
        expect(await statusOf(one, KEYS[narrower]), what).toBe(403);
      }
      expect(await statusOf(one, KEYS[SCOPES[place]!]), what).toBeLessThan(400);
    }
  });
});
