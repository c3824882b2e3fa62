import { CronTime } from 'cron';

const MINUTE = 60_000;
/** How far back is looked for a fire time, step by step, so that a frequent one is found without walking a year. */
const WINDOWS = [MINUTE, 60 * MINUTE, 24 * 60 * MINUTE, 32 * 24 * 60 * MINUTE, 367 * 24 * 60 * MINUTE];

/**
 * The latest fire time of a cron expression (UTC) that is not after `now`, in Unix milliseconds.
 *
 * @returns null when it has not fired within a year
 */
export function lastFireTime(expression: string, now: number): number | null {
  const cron = new CronTime(expression, 'UTC');
  // A fire time that is `now` itself counts; CronTime looks for what comes after.
  for (const window of WINDOWS) {
    let found: number | null = null;
    for (let at = nextAfter(cron, now - window - 1); at <= now; at = nextAfter(cron, at)) found = at;
    if (found !== null) return found;
  }
  return null;
}

/** The first fire time of a cron expression (UTC) after `now`, in Unix milliseconds. */
export function nextFireTime(expression: string, now: number): number {
  return nextAfter(new CronTime(expression, 'UTC'), now);
}

function nextAfter(cron: CronTime, time: number): number {
  return cron.getNextDateFrom(new Date(time), 'UTC').toMillis();
}
