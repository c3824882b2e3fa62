import { Inject, Injectable } from '@nestjs/common';
import { ExchangeGuards, type ExchangeStatus } from './budget/exchange-guards.js';
import { CollectorService } from './collector.service.js';
import type { SeriesStatus } from './series-status.js';

/** How collecting goes in this process: per series that is worked on here, and per exchange. */
@Injectable()
export class CollectorReport {
  constructor(
    @Inject(CollectorService) private readonly collector: CollectorService,
    @Inject(ExchangeGuards) private readonly guards: ExchangeGuards,
  ) {}

  get workers(): SeriesStatus[] {
    return this.collector.status;
  }

  exchanges(): Promise<ExchangeStatus[]> {
    return this.guards.status();
  }
}
