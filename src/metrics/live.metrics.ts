import { Inject, Injectable } from '@nestjs/common';
import { LiveStreams } from '../collector/live-streams.js';
import { Instruments } from './instruments.js';

/** Candles that exchanges push: in a process that collects. */
@Injectable()
export class LiveMetrics {
  private readonly streaming = new Map<string, number>();

  constructor(
    @Inject(Instruments) instruments: Instruments,
    @Inject(LiveStreams) { statistics }: LiveStreams,
  ) {
    const updates = instruments.counter(
      'live_updates_total',
      'Updates of forming candles from streams: taken; stale, older than what was known; refused, no candle that could be',
      ['exchange', 'result'],
    );
    const interruptions = instruments.counter(
      'live_interruptions_total',
      'Times that a series lost its stream, or could not get it, by code',
      ['exchange', 'code'],
    );
    instruments.gauges(
      'live_series',
      'Series whose forming candle comes from a stream; that of others is asked for',
      ['exchange'],
      () => [...this.streaming].map(([exchange, count]) => [{ exchange }, count] as const),
    );
    statistics.observe((event) => {
      const { exchange } = event;
      if (event.kind === 'update') updates.inc({ exchange, result: event.result });
      if (event.kind === 'interrupted') interruptions.inc({ exchange, code: event.code });
      if (event.kind === 'streaming') {
        this.streaming.set(exchange, (this.streaming.get(exchange) ?? 0) + event.change);
      }
    });
  }
}
