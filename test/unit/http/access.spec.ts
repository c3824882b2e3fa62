import { createHash } from 'node:crypto';
import { Controller, Delete, Get, Post } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { RequiresScope } from '../../../src/http/requires-scope.decorator.js';
import { startTestApp, type TestApp } from './test-app.js';

@Controller('things')
class ThingsController {
  @Get()
  read() {
    return { did: 'read' };
  }

  @Post()
  write() {
    return { did: 'write' };
  }

  @Get('rebuild')
  @RequiresScope('write')
  rebuild() {
    return { did: 'rebuild' };
  }

  @Delete()
  @RequiresScope('admin')
  remove() {
    return { did: 'remove' };
  }
}

@Controller('api/health')
class ProbesController {
  @Get('live')
  live() {
    return { status: 'ok' };
  }

  @Get()
  all() {
    return { status: 'ok' };
  }
}

const READER = 'reader-key-1';
const WRITER = 'writer/key+2==';
const ADMIN = 'admin-key-3';
const hash = (key: string) => createHash('sha256').update(key).digest('hex');
const KEYS = `${READER}=read bot@sha256:${hash(WRITER)}=read+write ${ADMIN}`;
const start = (environment: Record<string, string>) =>
  startTestApp(environment, [ThingsController, ProbesController]);
const code = async (asked: ReturnType<TestApp['ask']>) => {
  const { status, body } = await asked;
  return body?.code === undefined ? status : [status, body.code];
};

describe('keys with scopes', () => {
  it('may do what their scopes say, and what these include', async () => {
    const { ask } = await start({ CRYPTOFLOW_API_KEYS: KEYS });
    const narrow = [403, 'FORBIDDEN_SCOPE'];
    const routes = [
      ['GET', '/things'],
      ['HEAD', '/things'],
      ['POST', '/things'],
      ['GET', '/things/rebuild'],
      ['DELETE', '/things'],
      ['GET', '/api/health'],
    ] as const;
    const matrix: Record<string, unknown> = {};
    for (const key of [READER, WRITER, ADMIN]) {
      matrix[key] = await Promise.all(
        routes.map(([method, path]) => code(ask({ method, path, headers: { 'x-api-key': key } }))),
      );
    }
    expect(matrix).toEqual({
      [READER]: [200, 200, narrow, narrow, narrow, 200],
      [WRITER]: [200, 200, 201, 200, narrow, 200],
      [ADMIN]: [200, 200, 201, 200, 200, 200],
    });
  });

  it.each([
    ['Authorization', (key: string) => `Bearer ${key}`],
    ['authorization', (key: string) => `bearer  ${key}`],
    ['X-API-Key', (key: string) => key],
    ['X-MBX-APIKEY', (key: string) => key],
  ])('come as %s', async (header, spell) => {
    const { ask } = await start({ CRYPTOFLOW_API_KEYS: KEYS });
    for (const key of [READER, WRITER, ADMIN]) {
      expect((await ask({ path: '/things', headers: { [header]: spell(key) } })).status).toBe(200);
    }
    for (const wrong of [
      '',
      'wrong',
      hash(WRITER),
      `sha256:${hash(WRITER)}`,
      `${READER}=read`,
      `bot@${WRITER}`,
    ]) {
      const answer = await ask({ path: '/things', headers: { [header]: spell(wrong) } });
      expect([answer.status, answer.body.code]).toEqual([401, 'UNAUTHENTICATED']);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    }
  });

  it('are asked for everywhere but by the probes, however the address is written', async () => {
    const { ask } = await start({ CRYPTOFLOW_API_KEYS: KEYS });
    expect(await code(ask({ path: '/api/health/live' }))).toBe(200);
    expect(await code(ask({ path: '/api/health/live?x=1', method: 'HEAD' }))).toBe(200);
    for (const path of ['/things?x=/api/health/live', '/api/health', '/things?/api/health/live']) {
      expect(await code(ask({ path }))).toEqual([401, 'UNAUTHENTICATED']);
    }
  });

  it('are named in the log with what they changed, and never shown', async () => {
    const { ask, log } = await start({ CRYPTOFLOW_API_KEYS: KEYS });
    await ask({ method: 'POST', path: '/things?secret=1', headers: { 'x-api-key': WRITER } });
    await ask({ path: '/things', headers: { 'x-api-key': WRITER } });
    expect(log.events.filter(({ event }) => event === 'http.change')).toEqual([
      expect.objectContaining({ fields: { method: 'POST', path: '/things', key: 'bot' } }),
    ]);
    expect(JSON.stringify(log.events)).not.toContain(WRITER);
  });
});

describe('without keys', () => {
  it('programs of this host may change things, under its own names', async () => {
    const { ask, port } = await start({});
    const post = (headers: Record<string, string>) => code(ask({ method: 'POST', path: '/things', headers }));
    for (const host of [
      `127.0.0.1:${port}`,
      'localhost',
      `localhost:${port}`,
      `[::1]:${port}`,
      '192.0.2.1',
    ]) {
      expect(await post({ host })).toBe(201);
    }
    for (const host of ['rebound.example', `rebound.example:${port}`, 'localhost.rebound.example']) {
      expect(await post({ host }), host).toEqual([403, 'FOREIGN_HOST']);
      expect(await code(ask({ path: '/things', headers: { host } }))).toBe(200);
    }
    for (const header of ['X-Forwarded-For', 'Forwarded']) {
      expect(await post({ [header]: '127.0.0.1' })).toEqual([403, 'FORBIDDEN_SCOPE']);
    }
  });

  it('nobody may where others can reach it, and is told what to set', async () => {
    const { ask } = await start({ HOST: '0.0.0.0' });
    expect(await code(ask({ path: '/things' }))).toBe(200);
    const refused = await ask({ method: 'POST', path: '/things' });
    expect([refused.status, refused.body.code]).toEqual([403, 'FORBIDDEN_SCOPE']);
    expect(refused.body.detail).toContain('CRYPTOFLOW_API_KEYS');
    expect(await code(ask({ method: 'GET', path: '/things/rebuild' }))).toEqual([403, 'FORBIDDEN_SCOPE']);
  });
});

describe('a page of another origin', () => {
  const FOREIGN = [403, 'FOREIGN_ORIGIN'];

  it('changes nothing, with a key or without', async () => {
    for (const keys of ['', KEYS]) {
      const { ask, port } = await start({ CRYPTOFLOW_API_KEYS: keys });
      const post = (origin: string) =>
        code(ask({ method: 'POST', path: '/things', headers: { origin, 'x-api-key': ADMIN } }));
      for (const origin of [
        'https://evil.example',
        'null',
        '',
        'http://127.0.0.1',
        `http://127.0.0.1:${port + 1}`,
        `http://127.0.0.1:${port}.evil.example`,
      ]) {
        expect(await post(origin), origin).toEqual(FOREIGN);
      }
      expect(await post(`http://127.0.0.1:${port}`)).toBe(201);
      // A route that is reached by GET and changes something is no way round.
      const get = {
        path: '/things/rebuild',
        headers: { origin: 'https://evil.example', 'x-api-key': ADMIN },
      };
      expect(await code(ask(get))).toEqual(FOREIGN);
    }
  });

  it('may where it is listed, and `*` lists nobody', async () => {
    const { ask } = await start({ CRYPTOFLOW_CORS_ORIGINS: '* https://board.example' });
    const post = (origin: string) => code(ask({ method: 'POST', path: '/things', headers: { origin } }));
    expect(await post('https://board.example')).toBe(201);
    expect(await post('http://board.example')).toEqual(FOREIGN);
    expect(await post('https://evil.example')).toEqual(FOREIGN);
  });

  it.each([
    ['*', 'https://any.example', '*', 'GET, HEAD, OPTIONS'],
    ['none', 'https://any.example', undefined, undefined],
    ['https://board.example', 'https://any.example', undefined, undefined],
    [
      'https://board.example',
      'https://board.example',
      'https://board.example',
      'GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE',
    ],
    ['* https://board.example', 'https://any.example', '*', 'GET, HEAD, OPTIONS'],
  ])('reads where %s says so: %s', async (origins, origin, allowed, methods) => {
    const { ask } = await start({ CRYPTOFLOW_CORS_ORIGINS: origins, CRYPTOFLOW_API_KEYS: KEYS });
    const preflight = await ask({
      method: 'OPTIONS',
      path: '/things',
      headers: {
        origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'x-api-key',
      },
    });
    expect(preflight.headers['access-control-allow-origin']).toBe(allowed);
    expect(preflight.headers['access-control-allow-methods']).toBe(methods);
    if (methods) expect(preflight.headers['access-control-allow-headers']).toBe('x-api-key');
    const read = await ask({ path: '/things', headers: { origin, 'x-api-key': READER } });
    expect(read.headers['access-control-allow-origin']).toBe(allowed);
    expect(read.headers['cross-origin-resource-policy']).toBe('cross-origin');
    if (allowed) expect(read.headers['access-control-expose-headers']).toMatch(/ETag.*X-Next.*X-Partial/);
    // What a page may not read it is not told by a refusal either.
    const refused = await ask({ path: '/things', headers: { origin } });
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([401, allowed]);
  });
});
