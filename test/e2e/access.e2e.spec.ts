import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workDirectory } from '../support/at-end.js';
import { ServiceProcess } from '../support/service-process.js';

const READER = 'reader-Qm7Zt2vv';
const WRITER = 'writer/Wx9+pp==';
const STRANGER = 'stranger-Kp20';
const hash = (key: string) => createHash('sha256').update(key).digest('hex');
const CANDLES = '/api/v1/candles?exchange=simulator&symbol=BTC/USDT&interval=1m';

async function runKey(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const run = ServiceProcess.spawn({ command: ['key', ...args] });
  const { code } = await run.exited;
  return { code, stdout: run.output.replace(run.stderr, ''), stderr: run.stderr };
}

describe('API keys', () => {
  it('of the environment and of a file let their holders in, by hash or in plain, and stay secret', async () => {
    const directory = workDirectory();
    const file = join(directory, 'keys');
    writeFileSync(file, `# who may ask\nbot@${WRITER}=write\n`);
    const service = await ServiceProcess.start({
      directory,
      environment: {
        LOG_LEVEL: 'trace',
        CRYPTOFLOW_API_KEYS: `grafana@sha256:${hash(READER)}=read`,
        CRYPTOFLOW_API_KEYS_FILE: file,
      },
    });
    await service.event('service.ready');
    const seen: string[] = [];
    for (const path of ['/api/v1/series', CANDLES, '/api/health', '/metrics']) {
      for (const key of [READER, WRITER]) {
        for (const headers of [
          { authorization: `Bearer ${key}` },
          { 'x-api-key': key },
          { 'x-mbx-apikey': key },
        ] as Array<Record<string, string>>) {
          const answer = await service.get(path, headers);
          expect(answer.status, path).toBe(200);
          seen.push(answer.text, JSON.stringify([...answer.headers]));
        }
      }
      for (const wrong of [STRANGER, hash(READER), `sha256:${hash(READER)}`, `grafana@${READER}`, '']) {
        const answer = await service.get(path, { 'x-api-key': wrong });
        expect([answer.status, answer.body.code]).toEqual([401, 'UNAUTHENTICATED']);
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
        seen.push(answer.text, JSON.stringify([...answer.headers]));
      }
    }
    for (const probe of ['live', 'ready', 'startup']) {
      expect((await service.get(`/api/health/${probe}`)).status).toBe(200);
    }
    await service.stop();
    for (const key of [READER, WRITER, STRANGER]) {
      expect(service.output).not.toContain(key);
      expect(seen.join('\n')).not.toContain(key);
    }
    expect(service.events('http.unprotected')).toEqual([]);
  });

  it('in a file that is not usable refuse the start, without a word of it', async () => {
    const directory = workDirectory();
    const file = join(directory, 'secret-name');
    writeFileSync(file, `${READER}\n${WRITER}=everything\n`);
    for (const path of [file, join(directory, 'secret-name-of-nothing')]) {
      const refused = ServiceProcess.spawn({ environment: { CRYPTOFLOW_API_KEYS_FILE: path } });
      expect(await refused.exited).toEqual({ code: 1, signal: null });
      expect(refused.stderr).toMatch(/CRYPTOFLOW_API_KEYS_FILE: (?:line 2|the file cannot be read)/);
      for (const secret of [READER, WRITER, 'secret-name']) expect(refused.output).not.toContain(secret);
    }
  });

  it('are made by `cryptoflow key`, and fit', async () => {
    const made = await runKey('--name', 'grafana', '--scopes', 'read+write');
    expect([made.code, made.stderr]).toEqual([0, '']);
    const [, key, , entry] = made.stdout.split('\n').map((line) => line.trim());
    expect(key).toMatch(/^[\w-]{43}$/);
    expect(entry).toBe(`grafana@sha256:${hash(key!)}=read+write`);
    expect((await runKey()).stdout).not.toContain(key);
    const service = await ServiceProcess.start({ environment: { CRYPTOFLOW_API_KEYS: entry! } });
    expect((await service.get('/api/health', { 'x-api-key': key! })).status).toBe(200);
    expect((await service.get('/api/health')).status).toBe(401);

    for (const wrong of [
      ['--scopes', 'all'],
      ['--scopes', 'read,write'],
      ['--name', 'a b'],
      ['extra'],
      ['--no'],
    ]) {
      const refused = await runKey(...wrong);
      expect([refused.code, refused.stdout]).toEqual([2, '']);
      expect(refused.stderr).toContain('Usage: cryptoflow key');
    }
  });
});

describe('without keys', () => {
  it('an address that others reach is warned about, loudly; a loopback one is not', async () => {
    const open = await ServiceProcess.start({ environment: { HOST: '0.0.0.0' } });
    expect(open.events('http.unprotected')).toMatchObject([{ level: 40, host: '0.0.0.0' }]);
    const port = new URL(open.url).port;
    const answer = await fetch(`http://127.0.0.1:${port}/api/health/live`);
    expect(answer.status).toBe(200);
    const closed = await ServiceProcess.start({ environment: { HOST: '127.0.0.1' } });
    expect(closed.complaints).toEqual([]);
  });
});

describe('the rate limit', () => {
  it('counts by key, leaves the probes alone, and says when to ask again', async () => {
    const service = await ServiceProcess.start({
      environment: { CRYPTOFLOW_API_KEYS: `${READER}=read ${WRITER}`, CRYPTOFLOW_RATE_LIMIT: '5/1h' },
    });
    await service.event('service.ready');
    const statuses: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      const path = i % 2 === 0 ? '/api/v1/series' : '/metrics';
      statuses.push((await service.get(path, { 'x-api-key': READER })).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    const refused = await service.get('/api/v1/series', { 'x-api-key': READER });
    expect(refused.body).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
    const retryAfter = Number(refused.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThan(3000);
    expect(retryAfter).toBeLessThanOrEqual(3600);
    expect((await service.get('/api/v1/series', { 'x-api-key': WRITER })).status).toBe(200);
    expect((await service.get('/api/health/live', { 'x-api-key': READER })).status).toBe(200);
  });
});

describe('pages of other origins', () => {
  it('may ask before they read, also for what takes a key', async () => {
    const service = await ServiceProcess.start({ environment: { CRYPTOFLOW_API_KEYS: READER } });
    const preflight = await fetch(service.url + CANDLES, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://charts.example',
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'x-api-key',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, HEAD, OPTIONS');
    expect(preflight.headers.get('access-control-allow-headers')).toBe('x-api-key');
    const read = await service.get('/api/health', {
      origin: 'https://charts.example',
      'x-api-key': READER,
    });
    expect([read.status, read.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
    expect(read.headers.get('access-control-expose-headers')).toContain('Retry-After');
    expect(read.headers.get('content-security-policy')).toBe(`default-src 'none';frame-ancestors 'none'`);
    expect(read.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  });
});
