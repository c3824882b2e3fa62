import { BlockList, isIP, isIPv4 } from 'node:net';
import { parseDuration } from '../common/time.js';
import type { ApiKey } from './api-keys.js';

/** Requests of one caller in a stretch of time. */
export interface RateLimit {
  readonly requests: number;
  readonly perMs: number;
}

/** Whose pages may read the answers; those that are listed may also write. */
export interface CorsOrigins {
  /** Pages of any origin may read. */
  readonly any: boolean;
  readonly listed: readonly string[];
}

/** Whose `X-Forwarded-For` is believed: nobody's, everybody's, or that of these addresses and networks. */
export type TrustedProxies = boolean | readonly string[];

/** Who may ask for what, how often and from where. */
export interface HttpOptions {
  readonly keys: readonly ApiKey[];
  /** Whether only programs of this host reach the service. */
  readonly loopback: boolean;
  readonly rateLimit: RateLimit | null;
  readonly trustProxy: TrustedProxies;
  readonly cors: CorsOrigins;
  /** A request that has no answer yet after so long is refused. */
  readonly requestTimeoutMs: number;
}

/** Where a caller may come from whom nobody knows: this host asks as often as it likes, strangers do not. */
const LIMIT_OF_STRANGERS: RateLimit = { requests: 1200, perMs: 60_000 };

export function defaultRateLimit({
  loopback,
  keys,
}: Pick<HttpOptions, 'loopback' | 'keys'>): RateLimit | null {
  return loopback && keys.length === 0 ? null : LIMIT_OF_STRANGERS;
}

/** `600/1m`, or `none`. @throws Error */
export function parseRateLimit(text: string): RateLimit | null {
  if (text === 'none') return null;
  const [, number, span] = /^(\d{1,9})\/(.+)$/.exec(text) ?? [];
  if (number !== undefined && span !== undefined && Number(number) > 0) {
    const perMs = durationOf(span);
    if (perMs >= 1000 && perMs <= 86_400_000) return { requests: Number(number), perMs };
  }
  throw new Error('expected none, or requests and a stretch of 1s to 1d, as in 600/1m');
}

function durationOf(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    return NaN;
  }
}

/** `*`, `none`, or origins such as `https://charts.example`, separated by commas or spaces. @throws Error */
export function parseCorsOrigins(text: string): CorsOrigins {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
  if (entries.length === 1 && entries[0] === 'none') return { any: false, listed: [] };
  const listed = entries.filter((entry) => entry !== '*');
  for (const [index, entry] of listed.entries()) {
    if (!isOrigin(entry)) {
      throw new Error(`origin ${index + 1}: expected *, none, or an origin such as https://charts.example`);
    }
  }
  return { any: listed.length < entries.length, listed };
}

function isOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  return (url?.protocol === 'https:' || url?.protocol === 'http:') && url.origin === text;
}

/** `true`, `false`, or addresses and networks such as `10.0.0.0/8`, separated by commas or spaces. @throws Error */
export function parseTrustedProxies(text: string): TrustedProxies {
  if (text === 'true' || text === 'false') return text === 'true';
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
  for (const [index, entry] of entries.entries()) {
    if (!isNetwork(entry)) {
      throw new Error(`entry ${index + 1}: expected an address, or a network such as 10.0.0.0/8`);
    }
  }
  if (entries.length === 0) throw new Error('expected true, false, or a list of addresses and networks');
  return entries;
}

function isNetwork(text: string): boolean {
  const [address, prefix, ...rest] = text.split('/');
  const version = isIP(address!);
  if (version === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
}

const loopbacks = new BlockList();
loopbacks.addSubnet('127.0.0.0', 8, 'ipv4');
loopbacks.addAddress('::1', 'ipv6');

/** Whether a host, or the address of a peer, is this host itself. */
export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true;
  // An IPv4 peer of a socket that listens on IPv6 has its address inside one of those, which `BlockList` sees through.
  return isIP(host) !== 0 && loopbacks.check(host, isIPv4(host) ? 'ipv4' : 'ipv6');
}
