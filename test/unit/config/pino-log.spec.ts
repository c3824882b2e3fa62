import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const SECRETS = [
  'plain-api-key',
  'a/secret+with=signs&more',
  '-----BEGIN KEY-----\nline "one"\nback\\slash\n-----END KEY-----',
  'pässwörd',
  'https://user:hunter2@proxy.example/path',
  'service-api-key',
];
const [apiKey, secret, privateKey, password, proxy, serviceKey] = SECRETS;
const EXCHANGES = { binance: { apiKey, secret, privateKey }, kraken: { password, proxy: { https: proxy } } };

function logWith(format: string, level = 'debug'): string {
  const { stdout, status } = spawnSync(process.execPath, [resolve('test/support/processes/log.mjs')], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      CRYPTOFLOW_EXCHANGES: JSON.stringify(EXCHANGES),
      CRYPTOFLOW_API_KEYS: serviceKey,
      LOG_FORMAT: format,
      LOG_LEVEL: level,
    },
  });
  expect(status).toBe(0);
  return stdout;
}

describe.each(['json', 'pretty'])('a log in the format %s', (format) => {
  const output = logWith(format);

  it.each(SECRETS)('lets nothing of this through: %j', (text) => {
    const json = JSON.stringify(text).slice(1, -1);
    for (const form of [text, encodeURIComponent(text), json, JSON.stringify(json).slice(1, -1)]) {
      expect(output).not.toContain(form);
    }
  });

  it('still says what happened', () => {
    for (const name of ['text', 'url', 'nested', 'error', 'thrown', 'body', 'options']) {
      expect(output).toContain(`test.${name}`);
    }
    expect(output).toContain('[redacted]');
    expect(output).toContain('ECONNREFUSED');
    expect(output).toContain('the key is');
  });
});

describe('a log in JSON', () => {
  it('is one object a line, with the event’s name, an error’s code, message and cause', () => {
    const lines = logWith('json').trimEnd().split('\n');
    const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const keys = SECRETS.length;
    expect(events).toHaveLength(keys * 6 + 1);
    expect(events.find(({ event }) => event === 'test.error')).toMatchObject({
      level: 50,
      error: { name: 'Error', message: 'failed: [redacted]', cause: { code: 'ECONNREFUSED' } },
    });
  });

  it('leaves out what is below its level', () => {
    const events = logWith('json', 'error');
    expect(events).toContain('test.error');
    for (const name of ['text', 'url', 'nested']) expect(events).not.toContain(`test.${name}`);
    expect(logWith('json', 'silent')).toBe('');
  });
});
