import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedact, secretsOf } from '../../../src/config/secrets.js';

const SECRETS = ['s3cr3t/+ value&', 'tok"en\\with\nlines', 'short'];
const redact = createRedact(SECRETS);

describe('secretsOf', () => {
  it('finds API keys, and every string of the exchange options that is secret or long', () => {
    const exchanges = {
      binance: {
        apiKey: 'key-1',
        secret: 'secret-1',
        password: 'pw',
        uid: 1234567,
        maxLoginAttempts: 3,
        urls: { api: 'https://user:pass@proxy.example' },
        headers: [{ Authorization: 'Basic abc' }],
        privateKey: { kid: 'k1', pem: ['line'] },
        options: { defaultType: 'spot' },
        enableRateLimit: true,
        nothing: null,
      },
    };
    const secrets = secretsOf({ apiKeys: ['api-key'], exchanges });
    expect(secrets).toEqual(
      expect.arrayContaining([
        'api-key',
        'key-1',
        'secret-1',
        'pw',
        '1234567',
        'k1',
        'line',
        'https://user:pass@proxy.example',
        'Basic abc',
      ]),
    );
    for (const harmless of ['spot', '3', 'true']) expect(secrets).not.toContain(harmless);
  });

  it('finds the address of a webhook, and the part of it that is the secret, but no short path', () => {
    const of = (webhook: string) => secretsOf({ alerts: { webhook, lockTimeouts: 0 } });
    const address = 'https://hooks.example/services/T0/B0/x?token=abc';
    expect(of(address)).toEqual([address, '/services/T0/B0/x?token=abc', '/services/T0/B0/x']);
    expect(of('https://me:pass-word@hooks.example/alerts')).toEqual([
      'https://me:pass-word@hooks.example/alerts',
      'pass-word',
    ]);
  });

  it('puts the longest first, so that none is left as the rest of another', () => {
    const exchanges = { a: { secret: 'abcdef', password: 'abcdefghi' } };
    expect(secretsOf({ apiKeys: ['abc'], exchanges })).toEqual(['abcdefghi', 'abcdef', 'abc']);
  });
});

describe('redaction', () => {
  it('reaches nested values, keys, and objects of any making', () => {
    const bare = Object.assign(Object.create(null) as object, { deep: [`a ${SECRETS[0]}`] });
    class Request {
      body = { token: SECRETS[2] };
    }
    const value = {
      list: [SECRETS[0], { [SECRETS[2]!]: 1 }],
      bare,
      request: new Request(),
      count: 3,
      none: null,
    };
    expect(redact(value)).toEqual({
      list: ['[redacted]', { '[redacted]': 1 }],
      bare: { deep: ['a [redacted]'] },
      request: { body: { token: '[redacted]' } },
      count: 3,
      none: null,
    });
  });

  it.each([
    ['as it is', (secret: string) => secret],
    ['URL-encoded', encodeURIComponent],
    ['in a form body', (secret: string) => new URLSearchParams({ secret }).toString()],
    ['in JSON', (secret: string) => JSON.stringify({ secret })],
    ['in JSON in JSON', (secret: string) => JSON.stringify(JSON.stringify({ secret }))],
    ['in a URL', (secret: string) => new URL(`https://host/?q=${encodeURIComponent(secret)}`).href],
  ])('finds a secret %s', (_, encode) => {
    for (const secret of SECRETS) {
      const text = redact(`before ${encode(secret)} after`);
      expect(text).toContain('[redacted]');
      expect(text).not.toContain(encode(secret));
    }
  });

  it('leaves what holds no secret as it is', () => {
    const plain = createRedact([]);
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(plain(value)).toEqual(value);
        expect(createRedact(['\u{10FFFF}never'])(value)).toEqual(value);
      }),
    );
  });

  it('leaves no secret in any JSON value', () => {
    const secret = fc.string({ minLength: 6, maxLength: 20 });
    const around = fc.tuple(fc.string(), fc.string());
    fc.assert(
      fc.property(secret, around, (text, [before, after]) => {
        fc.pre(!'[redacted]'.includes(text));
        const redacted = createRedact([text])({ a: [`${before}${text}${after}`] });
        expect(redacted.a[0]).not.toBe(`${before}${text}${after}`);
        expect(redacted.a[0]).toContain('[redacted]');
      }),
    );
  });

  it('is not brought down by a broken surrogate, or by a value that contains itself', () => {
    expect(createRedact(['broken \uD800 key'])('a broken \uD800 key')).toBe('a [redacted]');
    const loop: Record<string, unknown> = { secret: SECRETS[0] };
    loop['self'] = loop;
    const redacted = redact(loop);
    expect(redacted['secret']).toBe('[redacted]');
    expect(JSON.stringify(redacted['self'])).not.toContain(SECRETS[0]);
  });
});
