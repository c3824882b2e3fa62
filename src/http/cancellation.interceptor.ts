import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Observable } from 'rxjs';
import { cancellable } from '../common/cancellation.js';
import { requestSignal } from './open-requests.js';

/** What a request asks of the database is given up with the request. What changes something is not: it may be done already. */
@Injectable()
export class CancellationInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (request.method !== 'GET' && request.method !== 'HEAD') return next.handle();
    const signal = requestSignal(request);
    return new Observable((subscriber) => cancellable(signal, () => next.handle().subscribe(subscriber)));
  }
}
