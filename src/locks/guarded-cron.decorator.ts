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
    /** @returns whether the job was run here, which `SlotKeeper` wants to know */
    const guarded = function (this: Record<typeof GUARD, JobGuard>): Promise<boolean> {
      const guard = this[GUARD];
      return guard.run(name, guard.slotOf(expression), (context) => job.call(this, context));
    };
    descriptor.value = guarded as unknown as GuardedMethod;
    Reflect.defineMetadata(METADATA, { name, expression }, descriptor.value);
    Cron(expression, { name, timeZone: 'UTC' })(target, key, descriptor);
  };
}
