import type { EntityManager } from 'typeorm';
import type { Lease } from './lease.js';
import { SQL_NOW } from './sqlite-lock-store.js';

/** How a run ended: `ok`, `interrupted` (stopped in order, to be gone on with), or the `code` of an error. */
export type JobOutcome = 'ok' | 'interrupted' | (string & {});

// A row without an outcome under a lower fence belongs to a holder that lost its lease: dead, or as good as dead.
const CLAIM = `INSERT INTO job_run (name, slot, fence, started_at) VALUES (?, ?, ?, ${SQL_NOW})
  ON CONFLICT (name, slot) DO UPDATE
    SET fence = excluded.fence, started_at = excluded.started_at, ended_at = NULL, outcome = NULL
    WHERE job_run.fence < excluded.fence AND (job_run.outcome IS NULL OR job_run.outcome = 'interrupted')
  RETURNING slot`;

/**
 * Claims one fire time of a job, in a guarded transaction of the lease: one run per job and slot, whatever the number
 * of processes. A run that never ended is claimed again by the next holder.
 *
 * @param slot the fire time, Unix ms
 * @returns false when the slot has been run, or is being run
 */
export async function claimRun(
  manager: EntityManager,
  lease: Lease,
  job: string,
  slot: number,
): Promise<boolean> {
  const rows = await manager.query<unknown[]>(CLAIM, [job, slot, lease.fence]);
  return rows.length === 1;
}

/** Writes down how the claimed run ended. */
export async function finishRun(
  manager: EntityManager,
  lease: Lease,
  job: string,
  slot: number,
  outcome: JobOutcome,
): Promise<void> {
  await manager.query(
    `UPDATE job_run SET ended_at = ${SQL_NOW}, outcome = ? WHERE name = ? AND slot = ? AND fence = ?`,
    [outcome, job, slot, lease.fence],
  );
}
