import { Inject, Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import {
  getOptionsToken,
  getStorageToken,
  ThrottlerGuard,
  type ThrottlerLimitDetail,
  type ThrottlerModuleOptions,
  type ThrottlerStorage,
} from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '../config/config.js';
import { RateLimitedError } from './access-errors.js';
import { KeyRing } from './key-ring.js';
import { isProbe } from './probes.js';

/** Bounds how often each caller may ask: whoever has a key by its name, everybody else by address. */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  private readonly unlimited: boolean;

  constructor(
    @Inject(getOptionsToken()) options: ThrottlerModuleOptions,
    @Inject(getStorageToken()) storage: ThrottlerStorage,
    @Inject(Reflector) reflector: Reflector,
    @Inject(Config) { http }: Config,
    @Inject(KeyRing) private readonly keys: KeyRing,
  ) {
    super(options, storage, reflector);
    this.unlimited = http.rateLimit === null;
  }

  protected override async shouldSkip(context: ExecutionContext): Promise<boolean> {
    return this.unlimited || isProbe(context.switchToHttp().getRequest<FastifyRequest>());
  }

  /** A key that nobody has counts for the address that it came from: trying keys is bounded as well. */
  protected override async getTracker(request: FastifyRequest): Promise<string> {
    const key = this.keys.keyOf(request.headers);
    return key ? `key ${key.digest.toString('hex')}` : super.getTracker(request);
  }

  /** One count for all routes. */
  protected override generateKey(_: ExecutionContext, tracker: string): string {
    return tracker;
  }

  /** @throws RateLimitedError */
  protected override async throwThrottlingException(
    context: ExecutionContext,
    { limit, timeToBlockExpire }: ThrottlerLimitDetail,
  ): Promise<void> {
    void context.switchToHttp().getResponse<FastifyReply>().headers({
      'x-ratelimit-limit': limit,
      'x-ratelimit-remaining': 0,
      'x-ratelimit-reset': timeToBlockExpire,
    });
    throw new RateLimitedError(timeToBlockExpire);
  }
}
