import { createHash, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CryptoFlowError } from '../common/errors.js';
import { Config } from '../config/config.js';

export class UnauthenticatedError extends CryptoFlowError {
  constructor() {
    super('UNAUTHENTICATED', 'send an API key, as `Authorization: Bearer <key>` or `X-API-Key: <key>`');
  }
}

/** Asks for one of `CRYPTOFLOW_API_KEYS` where any are set. Kubernetes' probes ask without. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  private readonly digests: readonly Buffer[];

  constructor(@Inject(Config) config: Config) {
    this.digests = config.apiKeys.map(digest);
  }

  /** @throws UnauthenticatedError */
  canActivate(context: ExecutionContext): boolean {
    const { headers, url } = context.switchToHttp().getRequest<FastifyRequest>();
    if (this.digests.length === 0 || /^\/api\/health\/(?:live|ready|startup)(?:\?|$)/.test(url)) return true;
    const header = headers['x-api-key'] ?? headers.authorization?.replace(/^Bearer +/i, '');
    const given = digest(typeof header === 'string' ? header : '');
    // Digests have one length, and every one is compared: the time taken tells nothing of a key.
    const matches = this.digests.filter((known) => timingSafeEqual(known, given));
    if (matches.length === 0) throw new UnauthenticatedError();
    return true;
  }
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
