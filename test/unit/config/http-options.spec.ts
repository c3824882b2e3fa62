import { describe, expect, it } from 'vitest';
import { Config } from '../../../src/config/config.js';
import {
  isLoopback,
  parseCorsOrigins,
  parseRateLimit,
  parseTrustedProxies,
} from '../../../src/config/http-options.js';

describe('a host', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.8.9.10', true],
    ['::1', true],
    ['localhost', true],
    ['::ffff:127.0.0.1', true],
    ['0.0.0.0', false],
    ['::', false],
    ['10.0.0.1', false],
    ['::ffff:10.0.0.1', false],
    ['localhost.example', false],
    ['127.example', false],
  ])('%s is this one: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
    expect(Config.from({ HOST: host }).http.loopback).toBe(expected);
  });
});

describe('CRYPTOFLOW_RATE_LIMIT', () => {
  it('is requests in a stretch of time, or none', () => {
    expect(parseRateLimit('600/1m')).toEqual({ requests: 600, perMs: 60_000 });
    expect(parseRateLimit('1/1s')).toEqual({ requests: 1, perMs: 1000 });
    expect(parseRateLimit('none')).toBeNull();
  });

  it.each([
    '600',
    '0/1m',
    '600/1',
    '600/500ms',
    '600/2d',
    '-1/1m',
    '1e3/1m',
    '/1m',
    '600/',
    'NONE',
    '600/1m/1m',
  ])('refuses %s', (text) => expect(() => parseRateLimit(text)).toThrow('expected none'));

  it('is there by default unless only this host can ask', () => {
    const limit = { requests: 1200, perMs: 60_000 };
    expect(Config.from({}).http.rateLimit).toBeNull();
    expect(Config.from({ HOST: '0.0.0.0' }).http.rateLimit).toEqual(limit);
    expect(Config.from({ CRYPTOFLOW_API_KEYS: 'k' }).http.rateLimit).toEqual(limit);
    expect(Config.from({ HOST: '0.0.0.0', CRYPTOFLOW_RATE_LIMIT: 'none' }).http.rateLimit).toBeNull();
  });
});

describe('CRYPTOFLOW_CORS_ORIGINS', () => {
  it.each([
    ['*', { any: true, listed: [] }],
    ['none', { any: false, listed: [] }],
    [
      'https://a.example, http://b.example:8080',
      { any: false, listed: ['https://a.example', 'http://b.example:8080'] },
    ],
    ['* https://a.example', { any: true, listed: ['https://a.example'] }],
  ])('%s', (text, expected) => expect(parseCorsOrigins(text)).toEqual(expected));

  it.each([
    'a.example',
    'https://a.example/',
    'https://a.example:443',
    'https://A.example',
    'ftp://a',
    'none *',
    'null',
  ])('refuses %s', (text) => expect(() => parseCorsOrigins(text)).toThrow('origin 1: expected'));
});

describe('CRYPTOFLOW_TRUST_PROXY', () => {
  it.each([
    ['true', true],
    ['false', false],
    ['127.0.0.1', ['127.0.0.1']],
    ['10.0.0.0/8, fd00::/8', ['10.0.0.0/8', 'fd00::/8']],
  ])('%s', (text, expected) => expect(parseTrustedProxies(text)).toEqual(expected));

  it.each(['yes', '10.0.0.0/33', '10.0.0/8', '10.0.0.0/8/8', 'fd00::/129', 'proxy.example', '10.0.0.0/'])(
    'refuses %s',
    (text) => expect(() => parseTrustedProxies(text)).toThrow('entry 1: expected an address'),
  );
});
