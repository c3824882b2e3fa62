import { Controller, Get, Inject } from '@nestjs/common';
import { HealthCheck, HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import { Lifecycle } from '../common/lifecycle.js';
import { CollectorIndicator } from './collector.indicator.js';
import { DatabaseIndicator } from './database.indicator.js';
import { LocksIndicator } from './locks.indicator.js';

/** Indicators, together. */
export class Indicators {
  constructor(
    readonly database: DatabaseIndicator,
    readonly locks: LocksIndicator,
    readonly collector: CollectorIndicator,
  ) {}
}

/** For people (`/api/health`) and for Kubernetes' probes. */
@Controller('api/health')
export class HealthController {
  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(HealthIndicatorService) private readonly service: HealthIndicatorService,
    @Inject(Indicators) private readonly indicators: Indicators,
    @Inject(Lifecycle) private readonly lifecycle: Lifecycle,
  ) {}

  /** Everything, lock figures included. 200 also when degraded. */
  @Get()
  @HealthCheck()
  all() {
    const { database, locks, collector } = this.indicators;
    return this.health.check([() => database.details(), () => locks.details(), () => collector.details()]);
  }

  /** The process turns its event loop. Asks nothing else: a restart mends nothing else. */
  @Get('live')
  @HealthCheck()
  live() {
    return this.health.check([]);
  }

  /** May be sent requests: the database answers, and the process is not on its way out. */
  @Get('ready')
  @HealthCheck()
  ready() {
    return this.health.check([
      () => {
        const indicator = this.service.check('process');
        return this.lifecycle.isStopping ? indicator.down('stopping') : indicator.up();
      },
      () => this.indicators.database.ready(),
    ]);
  }

  /** Migrations have run, and the pragmas of the connections were asserted. */
  @Get('startup')
  @HealthCheck()
  startup() {
    return this.health.check([() => this.indicators.database.startup()]);
  }
}
