import { Module, StandardSchemaValidationPipe } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { Clock } from '../common/clock.js';
import { Config } from '../config/config.js';
import { AccessGuard } from './access.guard.js';
import { Access } from './access.js';
import { CancellationInterceptor } from './cancellation.interceptor.js';
import { BulkReads } from './bulk-reads.js';
import { KeyRing } from './key-ring.js';
import { OpenRequests } from './open-requests.js';
import { ProblemFilter } from './problem.filter.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import { RefusalForms } from './refusal-forms.js';
import { toInvalidRequest } from './request-errors.js';
import { WindowStorage } from './window-storage.js';

/** What holds for every request: how often and by whom it may be made, validation by schema, errors as problem details. */
@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      inject: [Config, Clock],
      useFactory: ({ http: { rateLimit } }: Config, clock: Clock) => ({
        // Without a limit the guard lets everybody pass; the throttler complains where it has none.
        throttlers: [{ limit: rateLimit?.requests ?? Infinity, ttl: rateLimit?.perMs ?? 0 }],
        storage: new WindowStorage(clock),
      }),
    }),
  ],
  providers: [
    KeyRing,
    Access,
    BulkReads,
    OpenRequests,
    RefusalForms,
    { provide: APP_FILTER, useClass: ProblemFilter },
    // In this order: what is refused counts as well.
    { provide: APP_GUARD, useClass: RateLimitGuard },
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_INTERCEPTOR, useClass: CancellationInterceptor },
    {
      provide: APP_PIPE,
      useFactory: () => new StandardSchemaValidationPipe({ exceptionFactory: toInvalidRequest }),
    },
  ],
  exports: [Access, BulkReads, RefusalForms],
})
export class HttpModule {}
