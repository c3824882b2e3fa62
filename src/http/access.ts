import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { SCOPES, type Scope } from '../config/api-keys.js';
import { Config } from '../config/config.js';
import { isLoopback, type HttpOptions } from '../config/http-options.js';
import {
  ForbiddenScopeError,
  ForeignHostError,
  ForeignOriginError,
  UnauthenticatedError,
} from './access-errors.js';
import { KeyRing } from './key-ring.js';

/** What of a request decides. Fastify's requests have it all. */
export interface AccessRequest {
  readonly headers: IncomingHttpHeaders;
  /** The client's address: the proxy's own where its `X-Forwarded-For` is not believed. */
  readonly ip: string;
  /** The `Host` that was asked, with its port. */
  readonly host: string;
}

/** Who may do what. */
@Injectable()
export class Access {
  private readonly options: HttpOptions;

  constructor(
    @Inject(Config) { http }: Config,
    @Inject(KeyRing) private readonly keys: KeyRing,
  ) {
    this.options = http;
  }

  /**
   * Lets a request pass that may do what `required` says.
   *
   * @returns the name of its key, or null where it needs none
   * @throws UnauthenticatedError, ForbiddenScopeError, ForeignOriginError, ForeignHostError
   */
  admit(request: AccessRequest, required: Scope): string | null {
    if (required !== 'read') this.refuseForeignPages(request);
    if (this.keys.isEmpty) {
      if (required !== 'read') this.refuseStrangers(request);
      return null;
    }
    const key = this.keys.keyOf(request.headers);
    if (!key) throw new UnauthenticatedError();
    if (SCOPES.indexOf(key.scope) < SCOPES.indexOf(required)) throw ForbiddenScopeError.ofKey(required);
    return key.name;
  }

  /** A browser sends its page's origin with whatever may change something, and no page can prevent it. */
  private refuseForeignPages({ headers: { origin }, host }: AccessRequest): void {
    if (origin === undefined || this.options.cors.listed.includes(origin) || isOriginOf(origin, host)) return;
    throw new ForeignOriginError();
  }

  /** Behind a proxy on this host everybody comes from a loopback address. */
  private refuseStrangers({ headers, ip, host }: AccessRequest): void {
    const forwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
    if (!this.options.loopback || forwarded || !isLoopback(ip)) throw ForbiddenScopeError.withoutKeys();
    if (!isOwnName(host)) throw new ForeignHostError();
  }
}

function isOriginOf(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host: own } = new URL(origin);
  const asked = `${protocol}//${host}`;
  // Both as URLs: the port that a scheme implies is left out, and names are in lower case.
  return URL.canParse(asked) && new URL(asked).host === own;
}

function isOwnName(host: string): boolean {
  const url = `http://${host}`;
  if (!URL.canParse(url)) return false;
  const name = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' || isIP(name) !== 0;
}
