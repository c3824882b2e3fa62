import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { Histogram } from 'prom-client';
import { Instruments } from './instruments.js';

/** Seconds: fine around the 15 ms that are promised, and up to what the service that this one replaces took. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** How long requests took. */
@Injectable()
export class HttpMetrics implements OnModuleInit {
  private readonly durations: Histogram<'method' | 'route' | 'status'>;

  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(Instruments) instruments: Instruments,
  ) {
    this.durations = instruments.histogram(
      'http_request_duration_seconds',
      'From a request until its answer was sent',
      BUCKETS,
      ['method', 'route', 'status'],
    );
  }

  onModuleInit(): void {
    // There is none where only the application's context is made.
    const { httpAdapter } = this.host as Partial<HttpAdapterHost>;
    httpAdapter
      ?.getInstance<FastifyInstance>()
      .addHook('onResponse', async ({ method, routeOptions: { url } }, { statusCode, elapsedTime }) => {
        // The pattern of the route and never the path: whatever else is asked for is one label.
        const labels = { method, route: url ?? 'none', status: statusCode };
        this.durations.observe(labels, elapsedTime / 1000);
      });
  }
}
