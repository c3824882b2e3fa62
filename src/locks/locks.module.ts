import { Module } from '@nestjs/common';
import { JobGuard } from './job-guard.js';
import { LockService } from './lock.service.js';
import { LockStore } from './lock-store.js';
import { SqliteLockStore } from './sqlite-lock-store.js';

/** Leases with fences, and jobs guarded by them. Needs the DataSources of `DatabaseModule`. */
@Module({
  providers: [{ provide: LockStore, useClass: SqliteLockStore }, LockService, JobGuard],
  exports: [LockStore, LockService, JobGuard],
})
export class LocksModule {}
