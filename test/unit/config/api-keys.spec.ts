import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseApiKeys, readApiKeys } from '../../../src/config/api-keys.js';
import { Config, InvalidConfigError } from '../../../src/config/config.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const hash = (key: string) => createHash('sha256').update(key).digest('hex');
const keysOf = (text: string) =>
  parseApiKeys(text).keys.map(({ name, digest, scope }) => [name, digest.toString('hex'), scope]);
const HASH = hash('k');

describe('CRYPTOFLOW_API_KEYS', () => {
  it('takes keys in plain and by their hash, with names and scopes', () => {
    const text = `plain, grafana@sha256:${HASH}=read\nbot@other=read+write sha256:${hash('h').toUpperCase()}=admin`;
    expect(keysOf(text)).toEqual([
      [hash('plain').slice(0, 12), hash('plain'), 'admin'],
      ['grafana', HASH, 'read'],
      ['bot', hash('other'), 'write'],
      [hash('h').slice(0, 12), hash('h'), 'admin'],
    ]);
    expect(parseApiKeys(text).plain).toEqual(['plain', 'other']);
  });

  it.each([
    ['second/key+Wx9==', 'second/key+Wx9==', 'admin'],
    ['second/key+Wx9===read', 'second/key+Wx9==', 'read'],
    ['a=b=write+read', 'a=b', 'write'],
    ['a=B1', 'a=B1', 'admin'],
  ])('tells a key that ends like Base64 from its scopes: %s', (text, key, scope) => {
    expect(keysOf(text)).toEqual([[hash(key).slice(0, 12), hash(key), scope]]);
  });

  it.each([
    ['hunter=reed', 'entry 1: expected scopes'],
    ['hunter=read+', 'entry 1: expected scopes'],
    [`ok sha256:${HASH.slice(1)}`, 'entry 2: expected 64 hexadecimal digits'],
    ['sha256:hunter', 'entry 1: expected 64'],
    ['=read', 'entry 1: expected a key'],
    ['hunter ok hunter=read', 'entry 3: the same key as entry 1'],
    [`hunter sha256:${hash('hunter')}`, 'entry 2: the same key as entry 1'],
    [' , ', 'holds no key'],
  ])('refuses %j', (text, message) => {
    expect(() => parseApiKeys(text)).toThrow(message);
    expect(() => parseApiKeys(text)).not.toThrow('hunter');
  });
});

describe('CRYPTOFLOW_API_KEYS_FILE', () => {
  const file = (text: string) => {
    const path = join(temporaryDirectory(), 'keys');
    writeFileSync(path, text);
    return path;
  };

  it('holds an entry a line, and comments', () => {
    const path = file(`# who\nreader=read\n\n  bot@sha256:${HASH}=write   # the bot\r\nwith#hash\n`);
    expect(readApiKeys(path).keys.map(({ name, scope }) => [name, scope])).toEqual([
      [hash('reader').slice(0, 12), 'read'],
      ['bot', 'write'],
      [hash('with#hash').slice(0, 12), 'admin'],
    ]);
    const config = Config.from({ CRYPTOFLOW_API_KEYS: 'one', CRYPTOFLOW_API_KEYS_FILE: path });
    expect(config.http.keys).toHaveLength(4);
    expect(config.apiKeys).toEqual(['one', 'reader', 'with#hash']);
    expect(config.unknownVariables).toEqual([]);
  });

  it('refuses the environment when it is not usable, and quotes nothing of it', () => {
    const directory = join(temporaryDirectory(), 'hunter2');
    mkdirSync(directory);
    for (const [path, problem] of [
      ['/nothing/hunter2', 'the file cannot be read (ENOENT)'],
      [directory, 'the file cannot be read (EISDIR)'],
      [file('# nothing but hunter2\n'), 'holds no key'],
      [file('ok\n\nhunter2=all\n'), 'line 3: expected scopes of read, write, admin, joined by +'],
      [file('two hunter2\n'), 'line 1: expected a key, or name@key=scopes'],
      [file('outside\n'), 'a key stands in CRYPTOFLOW_API_KEYS as well'],
    ] as const) {
      let refusal: unknown;
      try {
        Config.from({ CRYPTOFLOW_API_KEYS: 'outside', CRYPTOFLOW_API_KEYS_FILE: path });
      } catch (error) {
        refusal = error;
      }
      expect(refusal).toBeInstanceOf(InvalidConfigError);
      expect((refusal as InvalidConfigError).problems).toEqual([`CRYPTOFLOW_API_KEYS_FILE: ${problem}`]);
    }
  });
});
