import { Observed } from '../common/observed.js';

export interface LeaseCounts {
  /** Asked for, whatever the answer. */
  attempted: number;
  acquired: number;
  /** Asked for while another held it. */
  contended: number;
  /** Acquired from a holder that had not given it back: dead, or silent for too long. */
  takenOver: number;
  lost: number;
  /** Guarded transactions that were refused for their fence. */
  fencedOff: number;
  /** Not asked for at all, since the clock of this process is wrong. */
  skewed: number;
}

/** Something that happened to a lease of this process. `lock` is its name. */
export type LeaseEvent =
  | { readonly kind: keyof LeaseCounts; readonly lock: string }
  /** Given back, or lost. */
  | { readonly kind: 'ended'; readonly lock: string; readonly heldMs: number };

/** Counts what became of the leases of this process, and tells those who want to know as it happens. */
export class LeaseStatistics extends Observed<LeaseEvent> {
  readonly counts: LeaseCounts = {
    attempted: 0,
    acquired: 0,
    contended: 0,
    takenOver: 0,
    lost: 0,
    fencedOff: 0,
    skewed: 0,
  };

  record(event: LeaseEvent): void {
    if (event.kind !== 'ended') this.counts[event.kind] += 1;
    this.tell(event);
  }
}
