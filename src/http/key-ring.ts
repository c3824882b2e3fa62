import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { digestOf, type ApiKey } from '../config/api-keys.js';
import { Config } from '../config/config.js';

/** Binance's clients send it: they can be given a key as they are. */
const KEY_HEADERS = ['x-api-key', 'x-mbx-apikey'] as const;

/** The keys that are set, and whose a request is. */
@Injectable()
export class KeyRing {
  private readonly keys: readonly ApiKey[];
  /** Asked for by the rate limit and by the access check: a request's key is sought once. */
  private readonly found = new WeakMap<IncomingHttpHeaders, ApiKey | null>();

  constructor(@Inject(Config) { http }: Config) {
    this.keys = http.keys;
  }

  get isEmpty(): boolean {
    return this.keys.length === 0;
  }

  /** @returns null where none came, or one that nobody has */
  keyOf(headers: IncomingHttpHeaders): ApiKey | null {
    if (this.isEmpty) return null;
    let key = this.found.get(headers);
    if (key === undefined) {
      key = this.find(headers);
      this.found.set(headers, key);
    }
    return key;
  }

  private find(headers: IncomingHttpHeaders): ApiKey | null {
    const given = digestOf(keyIn(headers));
    // Digests have one length, and every one is compared: the time taken tells nothing of a key.
    const [key = null] = this.keys.filter(({ digest }) => timingSafeEqual(digest, given));
    return key;
  }
}

function keyIn(headers: IncomingHttpHeaders): string {
  for (const name of KEY_HEADERS) {
    const value = headers[name];
    if (typeof value === 'string') return value;
  }
  return headers.authorization?.replace(/^Bearer +/i, '') ?? '';
}
