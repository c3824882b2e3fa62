import type { EntityManager } from 'typeorm';

/** The row of a lease. Times are Unix milliseconds of the database's clock. */
export interface LockRow {
  readonly name: string;
  /** Grows by one with every acquisition and never falls: a commit under an older fence is refused. */
  readonly fence: number;
  /** `host:pid:boot:run`; empty after a release. */
  readonly holder: string;
  readonly acquiredAt: number;
  readonly renewedAt: number;
  readonly expiresAt: number;
  /** Whether it is held now, by the database's clock. */
  readonly held: boolean;
  /** The database's clock when the row was read. */
  readonly now: number;
}

/** What identifies one acquisition. */
export interface LeaseKey {
  readonly name: string;
  readonly holder: string;
  readonly fence: number;
}

export interface RenewOptions {
  /** The transaction to do it in; without one it is a transaction of its own. */
  readonly manager?: EntityManager;
  /** Once it aborts, the lease is not extended any more, however long the extension has waited. */
  readonly signal?: AbortSignal;
}

/**
 * Leases in the same database as the data, so that a fence is checked inside the data's own transaction. All times
 * are taken from the database's clock.
 */
export abstract class LockStore {
  /** All leases ever taken, by name. Rows are never deleted: a fence must not start over. */
  abstract list(): Promise<LockRow[]>;

  abstract find(name: string): Promise<LockRow | null>;

  /**
   * Takes the lease when it is free or has run out.
   *
   * @param deadHolder also take it from this acquisition, whose holder is known to be dead
   * @returns the new fence, or null when it is held by another
   */
  abstract acquire(
    name: string,
    holder: string,
    ttlMs: number,
    deadHolder?: LeaseKey,
  ): Promise<number | null>;

  /**
   * Extends the lease: at once the heartbeat and the check of the fence.
   *
   * @returns false when the lease is not this acquisition's any more
   * @throws the signal's reason, with nothing extended
   */
  abstract renew(lease: LeaseKey, ttlMs: number, options?: RenewOptions): Promise<boolean>;

  /** Frees the lease, if it is still this acquisition's. Nobody can take it until `minHoldMs` after it was acquired. */
  abstract release(lease: LeaseKey, minHoldMs: number): Promise<void>;
}
