import { Module, StandardSchemaValidationPipe } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { ApiKeyGuard } from './api-key.guard.js';
import { ProblemFilter } from './problem.filter.js';
import { toInvalidRequest } from './request-errors.js';

/** What holds for every request: validation by schema, API keys, errors as problem details. */
@Module({
  providers: [
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_GUARD, useClass: ApiKeyGuard },
    {
      provide: APP_PIPE,
      useFactory: () => new StandardSchemaValidationPipe({ exceptionFactory: toInvalidRequest }),
    },
  ],
})
export class HttpModule {}
