import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Scope } from '../config/api-keys.js';
import { Log } from '../logging/log.js';
import { UnauthenticatedError } from './access-errors.js';
import { Access } from './access.js';
import { isProbe } from './probes.js';
import { RequiresScope } from './requires-scope.decorator.js';

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Asks every route's request for what `@RequiresScope` says. Kubernetes' probes are open to all. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    @Inject(Access) private readonly access: Access,
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(Log) private readonly log: Log,
  ) {}

  /** @throws what `Access.admit` throws */
  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    if (isProbe(request)) return true;
    const required = this.requiredBy(context, request.method);
    try {
      const key = this.access.admit(request, required);
      if (required !== 'read') this.note(request, key);
      return true;
    } catch (error) {
      if (error instanceof UnauthenticatedError) {
        void http.getResponse<FastifyReply>().header('www-authenticate', 'Bearer');
      }
      throw error;
    }
  }

  private requiredBy(context: ExecutionContext, method: string): Scope {
    const named: Scope | undefined = this.reflector.getAllAndOverride(RequiresScope, [
      context.getHandler(),
      context.getClass(),
    ]);
    return named ?? (READING.has(method) ? 'read' : 'write');
  }

  /** Who changed something is to be found out later. */
  private note({ method, url }: FastifyRequest, key: string | null): void {
    this.log.info('http.change', { method, path: url.split('?')[0], ...(key !== null && { key }) });
  }
}
