import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { READER } from '../database/names.js';
import { lastFireTime } from '../common/fire-times.js';
import { guardedCronOf, type GuardedCronMetadata } from './guarded-cron.decorator.js';
import { SkippedSlots } from './skipped-slots.js';

const LOOK_EVERY_MS = 60_000;
/** A fire time counts as missed only after so long: the tick itself may be on its way. */
const GRACE_MS = 5000;

interface Job extends GuardedCronMetadata {
  readonly run: () => Promise<void>;
}

/**
 * Catches up with fire times of `@GuardedCron` jobs that passed without a run: `@nestjs/schedule` skips a tick that is
 * late, and nobody ticks during a restart. However many were missed, the job is run once, for the latest.
 */
@Injectable()
export class SlotKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private stopTimer: (() => void) | undefined;

  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(MetadataScanner) private readonly scanner: MetadataScanner,
    @InjectDataSource(READER) private readonly reader: DataSource,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(SkippedSlots) private readonly skipped: SkippedSlots,
  ) {}

  onApplicationBootstrap(): void {
    const jobs = this.findJobs();
    if (jobs.length === 0) return;
    const look = () => void this.catchUp(jobs).catch(() => undefined); // the next look tries again
    look();
    this.stopTimer = this.clock.every(LOOK_EVERY_MS, look);
  }

  onModuleDestroy(): void {
    this.stopTimer?.();
  }

  /** Runs what was missed. A job that never ran in this database has missed nothing. */
  private async catchUp(jobs: readonly Job[]): Promise<void> {
    for (const { name, expression, run } of jobs) {
      const due = lastFireTime(expression, this.clock.now() - GRACE_MS);
      const [row] = await this.reader.query<[{ last: number | null }]>(
        'SELECT max(slot) AS last FROM job_run WHERE name = ?',
        [name],
      );
      if (due === null || row.last === null || row.last >= due) continue;
      this.skipped.record({ job: name, slot: due });
      await run();
    }
  }

  private findJobs(): Job[] {
    return this.discovery.getProviders().flatMap(({ instance }) => {
      if (typeof instance !== 'object' || instance === null) return [];
      const methods = instance as Record<string, () => Promise<void>>;
      return this.scanner.getAllMethodNames(Object.getPrototypeOf(instance) as object).flatMap((key) => {
        const metadata = guardedCronOf(methods[key]);
        return metadata ? [{ ...metadata, run: () => methods[key]!() }] : [];
      });
    });
  }
}
