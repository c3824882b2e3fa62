import { expect, it } from 'vitest';
import { addressOf } from '../../../src/exchanges/exchange-address.js';

it("is the machine's own unless a proxy is named, and holds no credential", () => {
  expect(addressOf(undefined)).toBe('');
  expect(addressOf({ apiKey: 'k', urls: { api: 'https://api.example' } })).toBe('');
  expect(addressOf({ httpsProxy: 'http://me:secret@Proxy.example:3128/' })).toBe('proxy.example:3128');
  expect(addressOf({ https_proxy: 'http://you:other@proxy.example:3128' })).toBe('proxy.example:3128');
  expect(addressOf({ socksProxy: 'socks5://me:secret@10.0.0.1:1080' })).toBe('10.0.0.1:1080');
  expect(addressOf({ proxyUrl: 'https://relay.example/?key=secret&url=' })).toBe('relay.example');
  expect(addressOf({ httpProxy: '', httpsProxy: 17 })).toBe('');
});
