import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { errorMessage } from '../common/errors.js';
import { digestOf, parseApiKeys } from '../config/api-keys.js';

export interface KeyArguments {
  readonly name: string | undefined;
  /** Joined by `+`. */
  readonly scopes: string | undefined;
}

export interface NewKey {
  /** 32 random bytes, Base64url. */
  readonly key: string;
  /** What the configuration takes: name, hash and scopes. */
  readonly entry: string;
}

/** @returns or what is wrong with it */
export function parseKeyArguments(args: readonly string[]): KeyArguments | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { name: { type: 'string' }, scopes: { type: 'string' } },
    });
    const given = { name: values.name, scopes: values.scopes };
    if (given.name !== undefined && !/^[A-Za-z0-9][\w.-]{0,31}$/.test(given.name)) {
      return '--name: expected up to 32 letters, digits, and _ . -';
    }
    if (
      given.scopes !== undefined &&
      !/^(?:read|write|admin)(?:\+(?:read|write|admin))*$/.test(given.scopes)
    ) {
      return '--scopes: expected read, write or admin, joined by +';
    }
    return given;
  } catch (error) {
    return errorMessage(error);
  }
}

export function makeKey({ name, scopes }: KeyArguments): NewKey {
  const key = randomBytes(32).toString('base64url');
  const prefix = name === undefined ? '' : `${name}@`;
  const suffix = scopes === undefined ? '' : `=${scopes}`;
  const entry = `${prefix}sha256:${digestOf(key).toString('hex')}${suffix}`;
  // Whoever reads the configuration takes it, or it is not given out.
  parseApiKeys(entry);
  return { key, entry };
}
