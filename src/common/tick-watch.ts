import { lastFireTime, nextFireTime } from './fire-times.js';

/** A tick counts as skipped only after so long, in milliseconds: it may be on its way. */
const GRACE_MS = 4000;

/** Notices ticks of a cron expression (UTC) that do not come: `@nestjs/schedule` skips one that is more than 250 ms late. */
export class TickWatch {
  private due: number;

  /** @param now Unix ms; what was due before it is not missed here */
  constructor(
    private readonly expression: string,
    now: number,
  ) {
    this.due = nextFireTime(expression, now);
  }

  ticked(now: number): void {
    this.due = nextFireTime(this.expression, now);
  }

  /** The latest fire time that has passed without a tick since the last one, Unix ms, told once; null when none has. */
  missed(now: number): number | null {
    const past = now - GRACE_MS;
    if (past < this.due) return null;
    this.due = nextFireTime(this.expression, past);
    return lastFireTime(this.expression, past);
  }
}
