import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { Instruments } from './instruments.js';

const SAMPLE_MS = 20;
const QUANTILES = [0.5, 0.99, 1];

/** Prometheus' usual figures of a process (`process_*`, `nodejs_*`), and how late its event loop is. */
@Injectable()
export class ProcessMetrics implements OnModuleDestroy {
  private readonly delay = monitorEventLoopDelay({ resolution: SAMPLE_MS });

  constructor(@Inject(Registry) registry: Registry, @Inject(Instruments) instruments: Instruments) {
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: SAMPLE_MS });
    this.delay.enable();
    instruments.gauges(
      'eventloop_lag_seconds',
      'How late timers came since the last scrape, by quantile; 1 is the latest',
      ['quantile'],
      () => this.lags(),
    );
  }

  onModuleDestroy(): void {
    this.delay.disable();
  }

  private lags(): Array<[{ quantile: number }, number]> {
    const lags = QUANTILES.map((quantile): [{ quantile: number }, number] => {
      // Node counts the sampling interval into the delay.
      const seconds = this.delay.percentile(quantile * 100) / 1e9 - SAMPLE_MS / 1000;
      return [{ quantile }, Math.max(0, seconds)];
    });
    this.delay.reset();
    return lags;
  }
}
