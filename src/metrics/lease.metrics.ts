import { Inject, Injectable } from '@nestjs/common';
import type { LeaseCounts } from '../locks/lease-statistics.js';
import { LockService } from '../locks/lock.service.js';
import { SkippedSlots } from '../locks/skipped-slots.js';
import { Instruments } from './instruments.js';

/** Seconds, from one to a week: a collector holds the lease of a series for as long as it lives. */
const HOLD_BUCKETS = [1, 10, 60, 600, 3600, 21_600, 86_400, 604_800];
/** Every collector takes leases of these. */
const JOBS = ['collector', 'series'];

const COUNTERS: ReadonlyArray<readonly [kind: keyof LeaseCounts, name: string, help: string]> = [
  ['attempted', 'lock_attempts_total', 'Leases asked for'],
  ['acquired', 'lock_acquired_total', 'Leases acquired'],
  ['contended', 'lock_contended_total', 'Leases asked for while another held them'],
  ['takenOver', 'lock_takeovers_total', 'Leases acquired from a holder that had not given them back'],
  ['lost', 'lock_lost_total', 'Leases lost to another, or not renewed in time'],
  [
    'fencedOff',
    'fenced_writes_rejected_total',
    'Transactions refused since their lease was another’s by then',
  ],
  ['skewed', 'lock_refused_for_skew_total', 'Leases not asked for since the clock of this process is wrong'],
];

/** Leases and guarded jobs: in a process that collects. */
@Injectable()
export class LeaseMetrics {
  constructor(
    @Inject(Instruments) private readonly instruments: Instruments,
    @Inject(LockService) private readonly locks: LockService,
    @Inject(SkippedSlots) skipped: SkippedSlots,
  ) {
    this.count();
    this.readHeld();
    instruments.gauge(
      'clock_skew_seconds',
      'How far the clock of this process is ahead of what others write; negative when behind',
      () => locks.clockSkewMs / 1000,
    );
    instruments.counts(
      'job_slot_skipped_total',
      'Fire times that passed without a tick, and were caught up',
      ['job'],
      () => [...skipped.counts].map(([job, count]) => [{ job }, count] as const),
    );
  }

  private count(): void {
    const { instruments } = this;
    const counters = new Map(
      COUNTERS.map(([kind, name, help]) => [kind, instruments.counter(name, help, ['job'])]),
    );
    const holds = instruments.histogram(
      'lock_hold_seconds',
      'For how long leases were held, seen at their end',
      HOLD_BUCKETS,
      ['job'],
    );
    for (const job of JOBS) {
      holds.zero({ job });
      for (const counter of counters.values()) counter.inc({ job }, 0);
    }
    this.locks.statistics.observe((event) => {
      const job = jobOf(event.lock);
      if (event.kind === 'ended') holds.observe({ job }, event.heldMs / 1000);
      else counters.get(event.kind)?.inc({ job });
    });
  }

  private readHeld(): void {
    const { instruments, locks } = this;
    instruments.gauges(
      'lock_remaining_seconds',
      'Until a lease that is held here runs out, if it is not renewed',
      ['lock'],
      () => locks.leases.map(({ name, remainingMs }) => [{ lock: name }, remainingMs / 1000] as const),
    );
    instruments.gauges(
      'lock_fence',
      'Fence of a lease that is held here: grows by one with every acquisition by anybody',
      ['lock'],
      () => locks.leases.map(({ name, fence }) => [{ lock: name }, fence] as const),
    );
  }
}

/** What a lease is for, without the number of the series or seat: `series:12` → `series`, `job:housekeeping` → `housekeeping`. */
function jobOf(lock: string): string {
  const [kind = lock, name] = lock.split(':');
  return kind === 'job' && name !== undefined ? name : kind;
}
