import type { Config } from './config.js';

const MASK = '[redacted]';
const CREDENTIAL = /key|secret|pass|token|uid|login|account|wallet|private|auth|cookie/i;
/** Under harmless names, shorter strings and plain words (`spot`, `future`) would blot out what the log has to say. */
const MIN_LENGTH = 6;
/** A shorter path (`/alerts`) is no secret. */
const MIN_PATH_LENGTH = 12;
const PLAIN_WORD = /^[a-z]{1,16}$/i;

/** The parts of the configuration that may hold secrets. */
export type SecretConfig = Pick<Config, 'apiKeys' | 'exchanges' | 'alerts'>;

/** Every string of the configuration that must appear in no log and no answer, longest first. */
export function secretsOf({ apiKeys = [], exchanges = {}, alerts }: Partial<SecretConfig>): string[] {
  const found = new Set<string>(apiKeys);
  const visit = (value: unknown, name: string) => {
    if (typeof value === 'string') {
      if (CREDENTIAL.test(name) || (value.length >= MIN_LENGTH && !PLAIN_WORD.test(value))) found.add(value);
      for (const part of userOfUrl(value)) found.add(part);
    } else if (typeof value === 'number') {
      if (CREDENTIAL.test(name) && String(value).length >= MIN_LENGTH) found.add(String(value));
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) visit(inner, CREDENTIAL.test(name) ? name : key);
    }
  };
  visit(exchanges, '');
  if (alerts?.webhook) for (const part of partsOfUrl(alerts.webhook)) found.add(part);
  found.delete('');
  return [...found].toSorted((a, b) => b.length - a.length);
}

/** A webhook's address as a whole, and what in it lets somebody post: each may be quoted for itself. */
function partsOfUrl(text: string): string[] {
  const { pathname, search } = new URL(text);
  const paths = [`${pathname}${search}`, pathname].filter((part) => part.length >= MIN_PATH_LENGTH);
  return [text, ...paths, ...userOfUrl(text)];
}

/** User and password of a URL, each for itself: whoever refuses them may quote them so. */
function userOfUrl(text: string): string[] {
  if (!URL.canParse(text)) return [];
  const { username, password } = new URL(text);
  const written = /^[^/]*\/\/([^/:@]*):?([^/@]*)@/.exec(text)?.slice(1) ?? [];
  return [username, password, ...written, ...[username, password].map(decode)].filter(
    (part) => part.length >= MIN_LENGTH,
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Replaces every secret in a text, or in the strings of a JSON-like value, by `[redacted]`. */
export type Redact = <T>(value: T) => T;

export function createRedact(secrets: readonly string[]): Redact {
  const variants = [...new Set(secrets.flatMap(writtenForms))].toSorted((a, b) => b.length - a.length);
  const redactText = (text: string) => variants.reduce((left, secret) => left.replaceAll(secret, MASK), text);
  const redact = (given: unknown, ancestors: readonly unknown[]): unknown => {
    if (typeof given === 'string') return redactText(given);
    if (typeof given !== 'object' || given === null) return given;
    if (ancestors.includes(given)) return '[circular]';
    const path = [...ancestors, given];
    const value = asJson(given);
    if (value !== given) return redact(value, path);
    if (Array.isArray(value)) return value.map((inner) => redact(inner, path));
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [redactText(key), redact(inner, path)]),
    );
  };
  return (variants.length === 0 ? (value: unknown) => value : (value) => redact(value, [])) as Redact;
}

/** A secret as it stands in plain text, in a URL, in a form, in JSON, and in JSON quoted inside JSON. */
function writtenForms(secret: string): string[] {
  const json = insideJson(secret);
  const url = encodeURIComponent(Buffer.from(secret).toString()); // which refuses half a surrogate pair
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  return [secret, url, form, json, insideJson(json)];
}

function insideJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** What `JSON.stringify` would write of an object: a URL, for one, is its text. */
function asJson(value: object): unknown {
  const { toJSON } = value as { toJSON?: unknown };
  return typeof toJSON === 'function' ? toJSON.call(value) : value;
}
