import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { WRITER } from '../database/names.js';
import { inLane } from '../database/lanes.js';
import { GuardedCron } from '../locks/guarded-cron.decorator.js';
import type { JobContext } from '../locks/job-guard.js';

const KEEP_RUNS_MS = 7 * 86_400_000;
/** For so long whoever was away can be told what has changed meanwhile. */
const KEEP_CHANGES_MS = 3_600_000;
const BATCH = 2000;

const OLD_RUNS = `DELETE FROM job_run WHERE (name, slot) IN (SELECT name, slot FROM job_run WHERE slot < ? LIMIT ${BATCH})
  RETURNING 1`;
const OLD_CHANGES = `DELETE FROM change_log WHERE id IN (
    SELECT id FROM change_log WHERE changed_at < ? ORDER BY id LIMIT ${BATCH}) RETURNING 1`;

/** Keeps the records of past runs and of changes short and the statistics of SQLite's query planner fresh. */
@Injectable()
export class HousekeepingJob {
  constructor(@InjectDataSource(WRITER) private readonly writer: DataSource) {}

  @GuardedCron('0 17 3 * * *', 'housekeeping')
  async keepHouse({ slot, ...context }: JobContext): Promise<void> {
    await removeAll(OLD_RUNS, slot - KEEP_RUNS_MS, context);
    await inLane('maintenance', () => this.writer.query('PRAGMA optimize'));
  }

  @GuardedCron('20 */5 * * * *', 'change-log')
  async forgetChanges({ slot, ...context }: JobContext): Promise<void> {
    await removeAll(OLD_CHANGES, slot - KEEP_CHANGES_MS, context);
  }
}

/** In batches, so that each holds the writer for a few milliseconds. */
async function removeAll(
  sql: string,
  before: number,
  { signal, transaction }: Pick<JobContext, 'signal' | 'transaction'>,
): Promise<void> {
  await inLane('maintenance', async () => {
    let removed: unknown[];
    do {
      signal.throwIfAborted();
      removed = await transaction((manager) => manager.query<unknown[]>(sql, [before]));
    } while (removed.length === BATCH);
  });
}
