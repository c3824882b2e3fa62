import type { Clock } from '../common/clock.js';
import { Observed } from '../common/observed.js';
import type { Lane } from './lanes.js';

const HOUR = 3_600_000;

/** Where `SQLITE_BUSY` was met. At `begin` and `open` it is retried; `unexpected` is a defect. */
export const BUSY_OPERATIONS = ['begin', 'open', 'checkpoint', 'unexpected'] as const;

export type BusyOperation = (typeof BUSY_OPERATIONS)[number];

/** Something that happened to the write lock. Durations in milliseconds. */
export type LockEvent =
  | { readonly kind: 'busy'; readonly operation: BusyOperation }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'waited'; readonly lane: Lane; readonly ms: number }
  | { readonly kind: 'held'; readonly lane: Lane; readonly ms: number }
  | {
      readonly kind: 'checkpointed';
      readonly mode: string;
      readonly result: 'done' | 'busy';
      readonly ms: number;
    };

/** Counts what the write lock of the database cost this process, and tells those who want to know as it happens. */
export class LockStatistics extends Observed<LockEvent> {
  readonly busy: Record<BusyOperation, number> = { begin: 0, open: 0, checkpoint: 0, unexpected: 0 };

  private timeouts = 0;
  private recentTimeouts: number[] = [];

  constructor(private readonly clock: Clock) {
    super();
  }

  record(event: LockEvent): void {
    if (event.kind === 'busy') this.busy[event.operation] += 1;
    if (event.kind === 'timeout') {
      this.timeouts += 1;
      this.recentTimeouts.push(this.clock.monotonic());
    }
    this.tell(event);
  }

  get timeoutsTotal(): number {
    return this.timeouts;
  }

  get timeoutsLastHour(): number {
    const since = this.clock.monotonic() - HOUR;
    this.recentTimeouts = this.recentTimeouts.filter((at) => at >= since);
    return this.recentTimeouts.length;
  }
}
