import {
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { UsedWeight } from './used-weight.js';

type Query = Readonly<Record<string, unknown>>;

/** What a request costs, as Binance reckons it. */
export const Weight = Reflector.createDecorator<(query: Query) => number>();

/** Puts the weight into the headers: before the request is looked at, so that refusals tell it as well. */
@Injectable()
export class UsedWeightInterceptor implements NestInterceptor {
  constructor(
    @Inject(UsedWeight) private readonly weight: UsedWeight,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const weigh = this.reflector.get(Weight, context.getHandler());
    const used = String(this.weight.add(request.ip, weigh?.(request.query as Query) ?? 1));
    const reply = http.getResponse<FastifyReply>();
    void reply.header('x-mbx-used-weight', used).header('x-mbx-used-weight-1m', used);
    return next.handle();
  }
}

/** By how many symbols are asked for. @param all what all of them cost @param some what up to 100 of them cost */
export function bySymbols({ symbol, symbols }: Query, all: number, some: number): number {
  if (typeof symbol === 'string') return 2;
  if (typeof symbols !== 'string') return all;
  const count = symbols.split(',').length;
  if (count > 100) return all;
  return count > 20 ? some : 2;
}
