import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { JobGuard } from './job-guard.js';
import { LockService } from './lock.service.js';
import { LockStore } from './lock-store.js';
import { SkippedSlots } from './skipped-slots.js';
import { SlotKeeper } from './slot-keeper.js';
import { SqliteLockStore } from './sqlite-lock-store.js';

/** Leases with fences, and jobs guarded by them. Needs the DataSources of `DatabaseModule`. */
@Module({
  imports: [DiscoveryModule],
  providers: [
    { provide: LockStore, useClass: SqliteLockStore },
    LockService,
    JobGuard,
    SkippedSlots,
    SlotKeeper,
  ],
  exports: [LockStore, LockService, JobGuard, SkippedSlots],
})
export class LocksModule {}
