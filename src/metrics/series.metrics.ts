import { Inject, Injectable } from '@nestjs/common';
import { SeriesReader } from '../candles/series-reader.js';
import { Clock } from '../common/clock.js';
import { Instruments } from './instruments.js';

const READ_WITHIN_MS = 500;

/** How fresh the data are. */
@Injectable()
export class SeriesMetrics {
  constructor(
    @Inject(Instruments) instruments: Instruments,
    @Inject(SeriesReader) series: SeriesReader,
    @Inject(Clock) clock: Clock,
  ) {
    instruments.gauges(
      'series_lag_seconds',
      'Since the newest candle of a series closed; nothing for a series without candles',
      ['exchange', 'symbol', 'interval'],
      async () => {
        // Why the database cannot be read is the health's to say; the other figures are wanted all the more then.
        const tooLate = new Promise<[]>((resolve) => void clock.after(READ_WITHIN_MS, () => resolve([])));
        const kept = await Promise.race([series.list().catch(() => []), tooLate]);
        return kept.flatMap(({ exchange, symbol, interval, lag }) =>
          lag === null ? [] : [[{ exchange, symbol, interval }, lag / 1000] as const],
        );
      },
    );
  }
}
