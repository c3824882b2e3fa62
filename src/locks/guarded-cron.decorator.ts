import { Inject } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { JobGuard, type JobContext } from './job-guard.js';

const GUARD = Symbol('cryptoflow.jobGuard');

const METADATA = Symbol('cryptoflow.guardedCron');

/** What `@GuardedCron` says of a method. */
export interface GuardedCronMetadata {
  readonly name: string;
  readonly expression: string;
}

/** What `@GuardedCron` said of this method, if it stands on it. */
export function guardedCronOf(method: unknown): GuardedCronMetadata | undefined {
  if (typeof method !== 'function') return undefined;
  return Reflect.getMetadata(METADATA, method) as GuardedCronMetadata | undefined;
}

type GuardedMethod = (context: JobContext) => Promise<void>;

/**
 * `@Cron` of `@nestjs/schedule` for a service that runs as several processes: each fire time is run by one of them,
 * under a lease, once. The class needs `LocksModule` and nothing else.
 *
 * @param expression as for `@Cron`, with seconds, UTC
 * @param name unique among the jobs of the database
 *
 * @example
 * class Reports {
 *   \@GuardedCron('0 0 6 * * *', 'daily-report')
 *   async daily({ slot, signal, transaction }: JobContext) { … }
 * }
 */
export function GuardedCron(expression: string, name: string) {
  return (target: object, key: string, descriptor: TypedPropertyDescriptor<GuardedMethod>): void => {
    Inject(JobGuard)(target, GUARD);
    const job = descriptor.value!;
    descriptor.value = async function (this: Record<typeof GUARD, JobGuard>): Promise<void> {
      const guard = this[GUARD];
      await guard.run(name, guard.slotOf(expression), (context) => job.call(this, context));
    };
    Reflect.defineMetadata(METADATA, { name, expression }, descriptor.value);
    Cron(expression, { name, timeZone: 'UTC' })(target, key, descriptor);
  };
}
