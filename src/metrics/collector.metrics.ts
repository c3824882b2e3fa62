import { Inject, Injectable } from '@nestjs/common';
import { SeriesScopes } from '../collector/series-scopes.js';
import { Instruments } from './instruments.js';

/** What comes of asking again for candles: in a process that collects. */
@Injectable()
export class CollectorMetrics {
  constructor(
    @Inject(Instruments) instruments: Instruments,
    @Inject(SeriesScopes) { rereads }: SeriesScopes,
  ) {
    const labels = ['exchange', 'task'] as const;
    const requests = instruments.counter(
      'reread_requests_total',
      'Answers to requests for candles that had been asked for before, by repair and by settlement',
      labels,
    );
    const filled = instruments.counter(
      'holes_filled_total',
      'Candles that came where there was a hole',
      labels,
    );
    const confirmed = instruments.counter(
      'holes_confirmed_empty_total',
      'Open times of holes in which nothing was traded',
      labels,
    );
    rereads.observe((reread) => {
      const { exchange, task } = reread;
      requests.inc({ exchange, task });
      filled.inc({ exchange, task }, reread.filled);
      confirmed.inc({ exchange, task }, reread.confirmed);
    });
  }
}
