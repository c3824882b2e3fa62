import { Inject, Injectable } from '@nestjs/common';
import { SeriesReader } from '../candles/series-reader.js';
import type { SeriesState, SeriesSummary } from '../candles/series.js';
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
    'Since the newest candle of a series closed; nothing for a series without candles, paused or delisted',
    ({ lag, state }) => (lag === null || state !== 'active' ? null : lag / 1000),
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
    instruments.gauges(
      'series',
      'Series kept, by state: active ones are collected, paused and delisted ones are not',
      ['exchange', 'state'],
      async () => countByState(await this.list()),
    );
    instruments.counts(
      'candle_revisions_total',
      'Closed candles that came with other figures than before, counted in the database',
      LABELS,
      () => this.samples(({ revisions }) => revisions),
    );
  }

  private async samples(read: (it: SeriesSummary) => number | null): Promise<Array<Sample<Label>>> {
    return (await this.list()).flatMap((it) => {
      const value = read(it);
      const { exchange, symbol, interval } = it;
      return value === null ? [] : [[{ exchange, symbol, interval }, value] as const];
    });
  }

  private list(): Promise<SeriesSummary[]> {
    return (this.reading ??= this.read().finally(() => (this.reading = null)));
  }

  private read(): Promise<SeriesSummary[]> {
    // Why the database cannot be read is the health's to say; the other figures are wanted all the more then.
    const tooLate = new Promise<[]>((resolve) => void this.clock.after(READ_WITHIN_MS, () => resolve([])));
    return Promise.race([this.series.list().catch(() => []), tooLate]);
  }
}

function countByState(kept: readonly SeriesSummary[]): Array<Sample<'exchange' | 'state'>> {
  const counts = new Map<string, { exchange: string; state: SeriesState; count: number }>();
  for (const { exchange, state } of kept) {
    const entry = counts.get(`${exchange} ${state}`);
    if (entry) entry.count += 1;
    else counts.set(`${exchange} ${state}`, { exchange, state, count: 1 });
  }
  return [...counts.values()].map(({ exchange, state, count }) => [{ exchange, state }, count]);
}
