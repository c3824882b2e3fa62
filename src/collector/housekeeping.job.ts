import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { WRITER } from '../database/names.js';
import { inLane } from '../database/lanes.js';
import { GuardedCron } from '../locks/guarded-cron.decorator.js';
import type { JobContext } from '../locks/job-guard.js';

const KEEP_RUNS_MS = 7 * 86_400_000;
const BATCH = 2000;

/** Keeps the record of past runs short and the statistics of SQLite's query planner fresh. */
@Injectable()
export class HousekeepingJob {
  constructor(@InjectDataSource(WRITER) private readonly writer: DataSource) {}

  @GuardedCron('0 17 3 * * *', 'housekeeping')
  async keepHouse({ slot, signal, transaction }: JobContext): Promise<void> {
    await inLane('maintenance', async () => {
      let deleted: unknown[];
      do {
        signal.throwIfAborted();
        deleted = await transaction((manager) =>
          manager.query<unknown[]>(
            `DELETE FROM job_run WHERE (name, slot) IN (SELECT name, slot FROM job_run WHERE slot < ? LIMIT ${BATCH})
             RETURNING 1`,
            [slot - KEEP_RUNS_MS],
          ),
        );
      } while (deleted.length === BATCH);
      await this.writer.query('PRAGMA optimize');
    });
  }
}
