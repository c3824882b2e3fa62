import type { Clock } from '../../common/clock.js';
import { errorCode } from '../../common/errors.js';
import { WriteLockTimeoutError } from '../database-errors.js';
import type { LockStatistics } from '../lock-statistics.js';

/** How long a writer waits for another process, in milliseconds. */
const PATIENCE_MS = 10_000;
/** One attempt counts as no more than this: a process that was stopped in its middle has not been waiting. */
const LONGEST_STEP_MS = 250;

/**
 * Repeats `attempt` every 1-3 ms while the database answers `SQLITE_BUSY`. Only for statements that have no effect
 * when they fail so: `BEGIN IMMEDIATE`, a single statement outside a transaction, opening.
 *
 * Waiting here and not in `busy_timeout` keeps libuv's threads free, and the jitter keeps one gapless writer from
 * winning every time.
 *
 * @throws WriteLockTimeoutError after `patienceMs`, and the signal's reason
 */
export async function retryWhileBusy<T>(
  attempt: () => Promise<T>,
  {
    clock,
    statistics,
    operation,
    patienceMs = PATIENCE_MS,
    signal,
  }: {
    clock: Clock;
    statistics: LockStatistics;
    operation: 'begin' | 'open';
    patienceMs?: number;
    signal?: AbortSignal | undefined;
  },
): Promise<T> {
  let waited = 0;
  for (;;) {
    const asked = clock.monotonic();
    try {
      return await attempt();
    } catch (error) {
      if (errorCode(error) !== 'SQLITE_BUSY') throw error;
      statistics.record({ kind: 'busy', operation });
      if (waited >= patienceMs) {
        statistics.record({ kind: 'timeout' });
        throw new WriteLockTimeoutError(waited, error);
      }
      await clock.sleep(1 + Math.random() * 2, signal);
      waited += Math.min(clock.monotonic() - asked, LONGEST_STEP_MS);
    }
  }
}
