import { Controller, Get } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { WindowStorage } from '../../../src/http/window-storage.js';
import { ManualClock } from '../../support/fixtures/manual-clock.js';
import { startTestApp } from './test-app.js';

@Controller('things')
class ThingsController {
  @Get()
  one() {
    return {};
  }

  @Get('other')
  other() {
    return {};
  }
}

@Controller('api/health')
class ProbesController {
  @Get('live')
  live() {
    return {};
  }
}

const start = (environment: Record<string, string>) =>
  startTestApp(environment, [ThingsController, ProbesController]);

describe('the rate limit', () => {
  it('counts all routes of an address as one, tells what is left, and leaves the probes alone', async () => {
    const { ask } = await start({ CRYPTOFLOW_RATE_LIMIT: '3/1m' });
    const left: unknown[] = [];
    for (const path of ['/things', '/things/other', '/things?x=1']) {
      const { status, headers } = await ask({ path });
      expect([status, headers['x-ratelimit-limit']]).toEqual([200, '3']);
      expect(Number(headers['x-ratelimit-reset'])).toBeGreaterThan(0);
      left.push(headers['x-ratelimit-remaining']);
    }
    expect(left).toEqual(['2', '1', '0']);
    const refused = await ask({ path: '/things' });
    expect([refused.status, refused.body.code]).toEqual([429, 'RATE_LIMITED']);
    expect(refused.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect(refused.headers['x-ratelimit-remaining']).toBe('0');
    for (let i = 0; i < 10; i += 1) expect((await ask({ path: '/api/health/live' })).status).toBe(200);
  });

  it('counts each key for itself, and keys that nobody has by address', async () => {
    const { ask } = await start({ CRYPTOFLOW_RATE_LIMIT: '2/1m', CRYPTOFLOW_API_KEYS: 'key-a key-b=read' });
    const statuses = async (key: string, times: number) => {
      const found: number[] = [];
      for (let i = 0; i < times; i += 1) {
        found.push((await ask({ path: '/things', headers: { 'x-api-key': key } })).status);
      }
      return found;
    };
    expect(await statuses('key-a', 3)).toEqual([200, 200, 429]);
    expect(await statuses('key-b', 3)).toEqual([200, 200, 429]);
    expect([...(await statuses('guess-1', 1)), ...(await statuses('guess-2', 2))]).toEqual([401, 401, 429]);
  });

  it('believes X-Forwarded-For only of a proxy that is trusted', async () => {
    const from = (address: string) => ({ path: '/things', headers: { 'x-forwarded-for': address } });
    for (const [trusted, second] of [
      ['false', 429],
      ['10.0.0.0/8', 429],
      ['true', 200],
      ['127.0.0.0/8, ::1', 200],
    ] as const) {
      const { ask } = await start({ CRYPTOFLOW_RATE_LIMIT: '1/1m', CRYPTOFLOW_TRUST_PROXY: trusted });
      expect((await ask(from('192.0.2.1'))).status).toBe(200);
      expect((await ask(from('192.0.2.2'))).status, trusted).toBe(second);
      expect((await ask(from('192.0.2.1'))).status).toBe(429);
    }
  });

  it('is there unless nobody but this host can ask', async () => {
    const limitOf = async (environment: Record<string, string>) =>
      (await (await start(environment)).ask({ path: '/things' })).headers['x-ratelimit-limit'];
    expect(await limitOf({})).toBeUndefined();
    expect(await limitOf({ HOST: '0.0.0.0' })).toBe('1200');
    expect(await limitOf({ CRYPTOFLOW_API_KEYS: 'key' })).toBe('1200');
    expect(await limitOf({ HOST: '0.0.0.0', CRYPTOFLOW_RATE_LIMIT: 'none' })).toBeUndefined();
  });
});

describe('its memory', () => {
  it('is bounded, whoever asks, and a window ends on time', async () => {
    const clock = new ManualClock();
    const storage = new WindowStorage(clock, 100);
    for (let i = 0; i < 1000; i += 1) await storage.increment(`address ${i}`, 60_000, 5);
    expect(storage.size).toBe(100);

    for (let i = 0; i < 5; i += 1)
      expect(await storage.increment('a', 60_000, 5)).toMatchObject({ isBlocked: false });
    clock.advance(59_999);
    expect(await storage.increment('a', 60_000, 5)).toEqual({
      totalHits: 6,
      timeToExpire: 1,
      isBlocked: true,
      timeToBlockExpire: 1,
    });
    clock.advance(1);
    expect(await storage.increment('a', 60_000, 5)).toMatchObject({ totalHits: 1, isBlocked: false });
  });
});
