import { Inject, Injectable } from '@nestjs/common';
import { SeriesReader } from '../candles/series-reader.js';
import type { SeriesSummary } from '../candles/series.js';
import { Clock } from '../common/clock.js';
import { Instruments, type Sample } from './instruments.js';

const READ_WITHIN_MS = 500;
const LABELS = ['exchange', 'symbol', 'interval'] as const;
type Label = (typeof LABELS)[number];

const GAUGES: ReadonlyArray<
  readonly [name: string, help: string, read: (it: SeriesSummary) => number | null]
> = [
  [
    'series_lag_seconds',
    'Since the newest candle of a series closed; nothing for a series without candles',
    ({ lag }) => lag && lag / 1000,
  ],
  [
    'series_completeness_ratio',
    'Candles that are kept, of those that should be; nothing where none should be',
    ({ completeness }) => completeness,
  ],
  ['series_missing_candles', 'Candles that should be kept and are not', ({ missing }) => missing],
];

/** How fresh and how complete the data are. */
@Injectable()
export class SeriesMetrics {
  /** What is being read for the present scrape: all figures come from one reading. */
  private reading: Promise<SeriesSummary[]> | null = null;

  constructor(
    @Inject(Instruments) instruments: Instruments,
    @Inject(SeriesReader) private readonly series: SeriesReader,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    for (const [name, help, read] of GAUGES) {
      instruments.gauges(name, help, LABELS, () => this.samples(read));
    }
    instruments.counts(
      'candle_revisions_total',
      'Closed candles that came with other figures than before, counted in the database',
      LABELS,
      () => this.samples(({ revisions }) => revisions),
    );
  }

  private async samples(read: (it: SeriesSummary) => number | null): Promise<Array<Sample<Label>>> {
    this.reading ??= this.read().finally(() => (this.reading = null));
    return (await this.reading).flatMap((it) => {
      const value = read(it);
      const { exchange, symbol, interval } = it;
      return value === null ? [] : [[{ exchange, symbol, interval }, value] as const];
    });
  }

  private read(): Promise<SeriesSummary[]> {
    // Why the database cannot be read is the health's to say; the other figures are wanted all the more then.
    const tooLate = new Promise<[]>((resolve) => void this.clock.after(READ_WITHIN_MS, () => resolve([])));
    return Promise.race([this.series.list().catch(() => []), tooLate]);
  }
}
