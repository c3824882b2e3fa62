import { Inject, Injectable } from '@nestjs/common';
import { claimedSeries } from '../candles/series-leases.js';
import { SqliteDatabase } from '../database/sqlite/sqlite-database.js';
import type { Lease } from '../locks/lease.js';
import { isAbandoned, LockService } from '../locks/lock.service.js';
import { LockStore } from '../locks/lock-store.js';
import { seatedHolders, seatName } from './series-assignment.js';

/** This process's place among the collectors of the database. */
@Injectable()
export class CollectorSeat {
  /** The series that are asked for by who is no collector, when this process last presented itself. */
  claimed: ReadonlySet<number> = new Set();

  private seat: Lease | null = null;

  constructor(
    @Inject(LockService) private readonly locks: LockService,
    @Inject(LockStore) private readonly store: LockStore,
    @Inject(SqliteDatabase) private readonly database: SqliteDatabase,
  ) {}

  get holder(): string {
    return this.locks.holder;
  }

  /** Takes a seat where this process has none, or has lost it. @returns the holders of all seats, in their order */
  async present(): Promise<string[]> {
    // With a clock that it takes no lease by it could not work on the series that would be dealt to it.
    if (this.locks.isSkewed) await this.leave();
    if (!this.seat || this.seat.signal.aborted) this.seat = await this.sit();
    const leases = await this.store.list();
    this.locks.observe(leases);
    this.claimed = claimedSeries(leases, isAbandoned);
    const holders = seatedHolders(leases, isAbandoned);
    this.database.queue.expectCompany(holders.filter((holder) => holder !== this.holder).length);
    return holders;
  }

  async leave(): Promise<void> {
    if (this.seat) await this.locks.release(this.seat);
    this.seat = null;
  }

  /** Null where no lease can be had at all: the clock of this process is wrong. */
  private async sit(): Promise<Lease | null> {
    const taken = (await this.store.list()).length;
    for (let number = 0; number <= taken; number += 1) {
      const lease = await this.locks.acquire(seatName(number));
      if (lease) return lease;
    }
    return null;
  }
}
