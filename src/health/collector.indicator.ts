import { Inject, Injectable, Optional } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { SeriesReader } from '../candles/series-reader.js';
import { Clock } from '../common/clock.js';
import { errorMessage } from '../common/errors.js';
import { openTimeAt, stepOpenTime } from '../common/interval.js';
import type { SeriesSummary } from '../candles/series.js';
import { CollectorReport } from '../collector/collector-report.js';
import { Config } from '../config/config.js';
import { createRedact, secretsOf, type Redact } from '../config/secrets.js';

/** A series is behind when more than this many candles are wanting at its end. */
const CANDLES_BEHIND = 3;

/** How far the data are behind, and what goes wrong in collecting them. */
@Injectable()
export class CollectorIndicator {
  private readonly redact: Redact;

  constructor(
    @Inject(HealthIndicatorService) private readonly indicators: HealthIndicatorService,
    @Inject(SeriesReader) private readonly series: SeriesReader,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) config: Config,
    @Optional() @Inject(CollectorReport) private readonly collector?: CollectorReport,
  ) {
    this.redact = createRedact(secretsOf(config));
  }

  async details(): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check('collector');
    try {
      const kept = (await this.series.list()).filter(({ state }) => state === 'active');
      const behind = kept.filter((summary) => isBehind(summary, this.clock.now()));
      const workers = this.redact(this.collector?.workers ?? null);
      const failing = (workers ?? []).filter(({ failures }) => failures > 0);
      const exchanges = (await this.collector?.exchanges()) ?? null;
      const barred = (exchanges ?? []).filter(({ state, blocked }) => state !== 'closed' || blocked !== null);
      const report = {
        series: kept.map(({ exchange, symbol, interval, lag }) => ({
          series: `${exchange}:${symbol}@${interval}`,
          lag,
        })),
        behind: behind.length,
        failing: failing.length,
        exchanges,
        workers,
      };
      const troubles = behind.length + failing.length + barred.length;
      return troubles > 0 ? indicator.degraded(report) : indicator.up(report);
    } catch (error) {
      return indicator.degraded({ message: errorMessage(error) });
    }
  }
}

function isBehind({ interval, last }: SeriesSummary, now: number): boolean {
  return last === null || last < stepOpenTime(interval, openTimeAt(interval, now), -1 - CANDLES_BEHIND);
}
