import { expect, it } from 'vitest';
import { LockStatistics } from '../../../src/database/lock-statistics.js';
import { retryWhileBusy } from '../../../src/database/sqlite/busy-retry.js';
import { SqliteError } from '../../../src/database/sqlite/sqlite-connection.js';
import { ManualClock } from '../../support/fixtures/manual-clock.js';

/** Attempts that meet BUSY `times` times, each followed by `stepMs` before the next. */
async function retry(times: number, stepMs: number) {
  const clock = new ManualClock();
  const statistics = new LockStatistics(clock);
  let attempts = 0;
  const attempt = async () => {
    attempts += 1;
    queueMicrotask(() => queueMicrotask(() => setImmediate(() => clock.advance(stepMs))));
    if (attempts <= times) throw new SqliteError('SQLITE_BUSY', 'database is locked');
    return attempts;
  };
  const result = await retryWhileBusy(attempt, { clock, statistics, operation: 'begin' }).catch(
    (error: { code: string }) => error.code,
  );
  return { result, busy: statistics.busy.begin, timeouts: statistics.timeoutsTotal };
}

it('does not take the time for which the process was stopped for a wait', async () => {
  expect(await retry(3, 60_000)).toEqual({ result: 4, busy: 3, timeouts: 0 });
});

it('gives up after 10 s of attempts', async () => {
  expect(await retry(1000, 100)).toEqual({ result: 'WRITE_LOCK_TIMEOUT', busy: 101, timeouts: 1 });
});
