import { Inject, Injectable, Optional } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { errorMessage } from '../common/errors.js';
import { LockStatistics } from '../database/lock-statistics.js';
import { READER } from '../database/names.js';
import { LockService } from '../locks/lock.service.js';
import { listLeases } from '../locks/sqlite-lock-store.js';

/** A lease that is held, as `/api/health` shows it. Durations in milliseconds by the database's clock. */
export interface LeaseReport {
  readonly name: string;
  /** `host:pid:boot:run`. */
  readonly holder: string;
  readonly fence: number;
  /** Since it was acquired. */
  readonly age: number;
  /** Until it runs out, if it is not renewed. */
  readonly remaining: number;
  /** Since the last renewal. */
  readonly sinceRenewal: number;
}

/** Lock timeouts, and who holds which lease. Contention degrades; it never takes the service down. */
@Injectable()
export class LocksIndicator {
  constructor(
    @Inject(HealthIndicatorService) private readonly indicators: HealthIndicatorService,
    @Inject(LockStatistics) private readonly statistics: LockStatistics,
    @InjectDataSource(READER) private readonly reader: DataSource,
    @Optional() @Inject(LockService) private readonly locks?: LockService,
  ) {}

  async details(): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check('locks');
    const { timeoutsTotal, timeoutsLastHour } = this.statistics;
    const counts = this.locks
      ? { ...this.locks.statistics.counts, clockSkewMs: Math.round(this.locks.clockSkewMs) }
      : {};
    try {
      const report = { timeoutsTotal, timeoutsLastHour, ...counts, leases: await this.leases() };
      const impaired = timeoutsLastHour > 0 || this.locks?.isSkewed;
      return impaired ? indicator.degraded(report) : indicator.up(report);
    } catch (error) {
      return indicator.degraded({
        timeoutsTotal,
        timeoutsLastHour,
        ...counts,
        leases: [],
        message: errorMessage(error),
      });
    }
  }

  private async leases(): Promise<LeaseReport[]> {
    const rows = await listLeases(this.reader);
    return rows
      .filter(({ held }) => held)
      .map(({ name, holder, fence, acquiredAt, renewedAt, expiresAt, now }) => ({
        name,
        holder,
        fence,
        age: now - acquiredAt,
        remaining: expiresAt - now,
        sinceRenewal: now - renewedAt,
      }));
  }
}
