import type { Config } from './config.js';

const MASK = '[redacted]';
const CREDENTIAL = /key|secret|pass|token|uid|login|account|wallet|private|auth|cookie/i;
/** Shorter strings under harmless names (`spot`) would blot out ordinary words. */
const MIN_LENGTH = 6;

/** Every string of the configuration that must appear in no log and no answer, longest first. */
export function secretsOf(config: Pick<Config, 'apiKeys' | 'exchanges'>): string[] {
  const found = new Set<string>(config.apiKeys);
  const visit = (value: unknown, name: string) => {
    if (typeof value === 'string') {
      if (CREDENTIAL.test(name) || value.length >= MIN_LENGTH) found.add(value);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) visit(inner, CREDENTIAL.test(name) ? name : key);
    }
  };
  visit(config.exchanges, '');
  found.delete('');
  return [...found].toSorted((a, b) => b.length - a.length);
}

/** Replaces every secret in a text, or in the strings of a JSON-like value, by `[redacted]`. */
export type Redact = <T>(value: T) => T;

export function createRedact(secrets: readonly string[]): Redact {
  const variants = secrets.flatMap((secret) => [...new Set([secret, encodeURIComponent(secret)])]);
  const redactText = (text: string) => variants.reduce((left, secret) => left.replaceAll(secret, MASK), text);
  const redact = (value: unknown): unknown => {
    if (typeof value === 'string') return redactText(value);
    if (Array.isArray(value)) return value.map(redact);
    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
      return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redact(inner)]));
  };
  return (variants.length === 0 ? (value: unknown) => value : redact) as Redact;
}
