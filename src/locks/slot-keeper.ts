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

// A run without an outcome whose holder is dead has not been done: the claim of the slot tells whether it is.
const LAST_RUNS = `SELECT max(slot) AS begun,
  max(slot) FILTER (WHERE outcome IS NOT NULL AND outcome <> 'interrupted') AS ended FROM job_run WHERE name = ?`;
const ONE_RUN = 'SELECT 1 FROM job_run WHERE name = ? AND slot = ?';

interface Job extends GuardedCronMetadata {
  /** @returns whether it was run here */
  readonly run: () => Promise<boolean>;
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
    for (const { name } of jobs) this.skipped.watch(name);
    let looking = false;
    const look = () => {
      if (looking) return;
      looking = true;
      void this.catchUp(jobs)
        .catch(() => undefined) // the next look tries again
        .finally(() => (looking = false));
    };
    look();
    this.stopTimer = this.clock.every(LOOK_EVERY_MS, look);
  }

  onModuleDestroy(): void {
    this.stopTimer?.();
  }

  /** Runs what was missed. A job that never ran in this database has missed nothing. */
  private async catchUp(jobs: readonly Job[]): Promise<void> {
    for (const job of jobs) {
      const due = lastFireTime(job.expression, this.clock.now() - GRACE_MS);
      if (due !== null && (await this.isMissed(job, due))) await this.makeUpFor(job, due);
    }
  }

  private async isMissed({ name }: Job, due: number): Promise<boolean> {
    const [row] = await this.reader.query<[{ begun: number | null; ended: number | null }]>(LAST_RUNS, [
      name,
    ]);
    return row.begun !== null && (row.ended === null || row.ended < due);
  }

  /** Said only by the process that made up for it, and of a fire time that nobody had begun. */
  private async makeUpFor({ name, run }: Job, due: number): Promise<void> {
    const [before] = await this.reader.query<unknown[]>(ONE_RUN, [name, due]);
    if ((await run()) && !before) this.skipped.record({ job: name, slot: due });
  }

  private findJobs(): Job[] {
    return this.discovery.getProviders().flatMap(({ instance }) => {
      if (typeof instance !== 'object' || instance === null) return [];
      const methods = instance as Record<string, () => Promise<boolean>>;
      return this.scanner.getAllMethodNames(Object.getPrototypeOf(instance) as object).flatMap((key) => {
        const metadata = guardedCronOf(methods[key]);
        return metadata ? [{ ...metadata, run: () => methods[key]!() }] : [];
      });
    });
  }
}
