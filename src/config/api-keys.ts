import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { errorCode } from '../common/errors.js';

/** What a key may do, narrowest first: each scope includes those before it. */
export const SCOPES = ['read', 'write', 'admin'] as const;

export type Scope = (typeof SCOPES)[number];

/** A key as it is compared: by its hash only. */
export interface ApiKey {
  /** For the log: its name, or the beginning of its hash. */
  readonly name: string;
  /** SHA-256. */
  readonly digest: Buffer;
  /** The widest of its scopes. */
  readonly scope: Scope;
}

export interface ApiKeys {
  readonly keys: readonly ApiKey[];
  /** Those that were given in plain: secrets, which nothing may show. */
  readonly plain: readonly string[];
}

/** Name, key, and what follows the last `=` if it looks like scopes: a key in Base64 may end in `=` itself. */
const ENTRY = /^(?:([A-Za-z0-9][\w.-]{0,31})@)?(.+?)(?:=([a-z+]+))?$/;
const HASH = /^[0-9a-f]{64}$/i;
const HASHED = 'sha256:';

/**
 * Keys as in `CRYPTOFLOW_API_KEYS`: `[name@]key[=scope+scope]`, separated by spaces, commas or newlines. The key is
 * written in plain, or as `sha256:` and the 64 hexadecimal digits of its hash. Without scopes it may do everything.
 *
 * @throws Error which names the entry by its place, and never quotes it
 */
export function parseApiKeys(text: string): ApiKeys {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
  return collect(entries.map((entry, index) => ({ entry, place: `entry ${index + 1}` })));
}

/**
 * Keys of a file: one entry a line, `#` begins a comment.
 *
 * @throws Error which names the line by its number, and quotes neither it nor the path
 */
export function readApiKeys(path: string): ApiKeys {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`the file cannot be read (${errorCode(error)})`, { cause: error });
  }
  const lines = text.split(/\r?\n/).map((line, index) => ({
    entry: line.replace(/(^|\s)#.*$/, '').trim(),
    place: `line ${index + 1}`,
  }));
  return collect(lines.filter(({ entry }) => entry !== ''));
}

/** Keys of several sources as one. @throws Error where one stands in two of them */
export function joinApiKeys(sources: readonly ApiKeys[]): ApiKeys {
  const keys = sources.flatMap((source) => source.keys);
  if (new Set(keys.map(({ digest }) => digest.toString('hex'))).size < keys.length) {
    throw new Error('a key stands in CRYPTOFLOW_API_KEYS as well');
  }
  return { keys, plain: sources.flatMap(({ plain }) => plain) };
}

export function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

interface Placed {
  readonly entry: string;
  readonly place: string;
}

/** No key at all is a mistake where keys were meant to be set: it would leave open what should be closed. */
function collect(entries: readonly Placed[]): ApiKeys {
  if (entries.length === 0) throw new Error('holds no key');
  const keys: ApiKey[] = [];
  const plain: string[] = [];
  const places = new Map<string, string>();
  for (const { entry, place } of entries) {
    const parsed = parseEntry(entry, place);
    const hash = parsed.key.digest.toString('hex');
    const earlier = places.get(hash);
    if (earlier) throw new Error(`${place}: the same key as ${earlier}`);
    places.set(hash, place);
    keys.push(parsed.key);
    if (parsed.plain !== null) plain.push(parsed.plain);
  }
  return { keys, plain };
}

function parseEntry(entry: string, place: string): { key: ApiKey; plain: string | null } {
  const [, name, secret, scopes] = ENTRY.exec(entry) ?? [];
  if (secret === undefined || secret.startsWith('=') || /\s/.test(entry)) {
    throw new Error(`${place}: expected a key, or name@key=scopes`);
  }
  const scope = widest(scopes, place);
  if (!secret.startsWith(HASHED)) return { key: makeKey(name, digestOf(secret), scope), plain: secret };
  const hash = secret.slice(HASHED.length);
  if (!HASH.test(hash)) throw new Error(`${place}: expected 64 hexadecimal digits after ${HASHED}`);
  return { key: makeKey(name, Buffer.from(hash, 'hex'), scope), plain: null };
}

function widest(scopes: string | undefined, place: string): Scope {
  if (scopes === undefined) return 'admin';
  const ranks = scopes.split('+').map((scope) => SCOPES.indexOf(scope as Scope));
  if (ranks.includes(-1)) throw new Error(`${place}: expected scopes of ${SCOPES.join(', ')}, joined by +`);
  return SCOPES[Math.max(...ranks)]!;
}

function makeKey(name: string | undefined, digest: Buffer, scope: Scope): ApiKey {
  return { name: name ?? digest.toString('hex').slice(0, 12), digest, scope };
}
