import { Inject, Injectable } from '@nestjs/common';
import { gridOf, INTERVALS, openTimeAt, stepOpenTime, type Interval } from '../../common/interval.js';
import type { Candle } from '../candle.js';
import type { Change } from '../change-log.js';
import { CandlePages } from '../candle-pages.js';
import { isRollupInterval } from '../rollup.js';
import type { CandleSource, Series } from '../series.js';
import type { LiveEvent } from './live-event.js';

/** Candles of one change that are told of: a change of more is a history, and no news. */
const MAX_CANDLES = 1000;

/** What is told of a series: at its own interval, and at those that it is made into. */
export interface Told {
  readonly series: Series;
  /** Longer intervals that somebody wants and that nobody collects. */
  readonly made: readonly Interval[];
}

/** An event that has no place among the others: of a candle that is open. */
export type Unplaced = Omit<LiveEvent, 'id'>;

/** Makes the events of a change. The same change gives the same events with the same ids whenever it is asked for. */
@Injectable()
export class EventMaker {
  constructor(@Inject(CandlePages) private readonly pages: CandlePages) {}

  /** First those that closed, then those that were revised, of the shortest interval first. */
  async ofChange(change: Change, { series, made }: Told): Promise<LiveEvent[]> {
    const events: LiveEvent[] = [];
    for (const [rank, kind] of (['closed', 'revised'] as const).entries()) {
      for (const source of sourcesOf(series, made)) {
        const candles = await this[kind](change, source);
        const first = placeOf(rank, source.rollup ?? series.interval);
        for (const [place, candle] of candles.entries()) {
          events.push({ ...toEvent(kind, source, candle), id: { change: change.id, index: first + place } });
        }
      }
    }
    return events;
  }

  /** The candle that is open at an interval, where there is one. */
  async forming(series: Series, interval: Interval): Promise<Unplaced | null> {
    const source = sourceOf(series, interval);
    const query = { from: undefined, to: undefined, limit: 1, order: 'desc', closed: false } as const;
    const { candles, forming } = await this.pages.rows(source, query);
    return candles[0] && forming !== null ? toEvent('forming', source, candles[0]) : null;
  }

  private async closed({ head, to }: Change, source: CandleSource): Promise<Candle[]> {
    if (head === null) return [];
    const grid = source.rollup ?? gridOf(source.series);
    // What is over by now may not have been over then.
    const wasOver = ({ openTime }: Candle) => {
      const end = stepOpenTime(grid, openTime, 1);
      return end > head && end <= to;
    };
    const window = { from: openTimeAt(grid, head), to };
    return (await this.read(source, window)).filter(wasOver);
  }

  private async revised({ revised }: Change, source: CandleSource): Promise<Candle[]> {
    if (revised.length === 0) return [];
    const grid = source.rollup ?? gridOf(source.series);
    const openTimes = new Set(revised.map((time) => openTimeAt(grid, time)));
    const sorted = [...openTimes].toSorted((a, b) => a - b);
    const window = { from: sorted[0]!, to: stepOpenTime(grid, sorted.at(-1)!, 1) };
    return (await this.read(source, window)).filter(({ openTime }) => openTimes.has(openTime));
  }

  private async read(source: CandleSource, window: { from: number; to: number }): Promise<Candle[]> {
    const query = { ...window, limit: MAX_CANDLES, order: 'asc', closed: true } as const;
    return (await this.pages.rows(source, query)).candles;
  }
}

/** The same whatever else is told of. */
function placeOf(rank: number, interval: Interval): number {
  return (rank * INTERVALS.length + INTERVALS.indexOf(interval)) * MAX_CANDLES;
}

function sourcesOf(series: Series, made: readonly Interval[]): CandleSource[] {
  return [series.interval, ...INTERVALS.filter((interval) => made.includes(interval))].map((interval) =>
    sourceOf(series, interval),
  );
}

function sourceOf(series: Series, interval: Interval): CandleSource {
  const isMade = interval !== series.interval && isRollupInterval(interval);
  return { series, rollup: isMade ? interval : null };
}

function toEvent(kind: LiveEvent['kind'], { series, rollup }: CandleSource, candle: Candle): Unplaced {
  const { exchange, symbol, interval } = series;
  return { kind, exchange, symbol, interval: rollup ?? interval, candle };
}
