import { Inject, Injectable } from '@nestjs/common';
import type { Lease } from '../locks/lease.js';
import { isAbandoned, LockService } from '../locks/lock.service.js';
import { LockStore } from '../locks/lock-store.js';
import { seatedHolders, seatName } from './series-assignment.js';

/** This process's place among the collectors of the database. */
@Injectable()
export class CollectorSeat {
  private seat: Lease | null = null;

  constructor(
    @Inject(LockService) private readonly locks: LockService,
    @Inject(LockStore) private readonly store: LockStore,
  ) {}

  get holder(): string {
    return this.locks.holder;
  }

  /** Takes a seat where this process has none, or has lost it. @returns the holders of all seats, in their order */
  async present(): Promise<string[]> {
    if (!this.seat || this.seat.signal.aborted) this.seat = await this.sit();
    return seatedHolders(await this.store.list(), isAbandoned);
  }

  async leave(): Promise<void> {
    if (this.seat) await this.locks.release(this.seat);
    this.seat = null;
  }

  private async sit(): Promise<Lease> {
    for (let number = 0; ; number += 1) {
      const lease = await this.locks.acquire(seatName(number));
      if (lease) return lease;
    }
  }
}
