import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { firstOpenTimeFrom, stepOpenTime } from '../common/interval.js';
import { READER } from '../database/names.js';
import type { Candle } from './candle.js';
import { IS_FRESH, readPage, type CandleText, type Page, type PageSource } from './candle-reader.js';
import type { Window } from './coverage.js';
import { LONGEST, minutesOf, ROLLUP_SOURCE, toCandle, toRollup, type Rollup } from './rollup.js';
import { withHoles, type CountedCandle } from './rollup-holes.js';
import { makePage, type RollupQuery } from './rollup-on-demand.js';
import { endOfSeries, groupRollups, openBucket, partsOf, type SeriesEnd } from './rollup-tail.js';
import { readStored } from './stored-rollups.js';

export interface RollupText extends CandleText {
  /** Open times of those candles of the page whose source has holes, ascending. */
  readonly partial: readonly number[];
  /** Up to when candles are over, Unix ms. */
  readonly over: number;
}

/** A page with those of its candles that may have holes. */
interface CountedPage extends Omit<CandleText, 'forming'> {
  readonly candles: readonly CountedCandle[];
}

interface StateRow extends Omit<Candle, 'openTime'> {
  readonly newest: number | null;
  readonly known: number | null;
  readonly unbuiltBefore: number | null;
  readonly openTime: number | null;
}

// Spans do not overlap, so the last one to begin is the last one to end.
const STATE = `SELECT (SELECT max(open_time) FROM candle WHERE series_id = series.id) AS newest,
    (SELECT to_time FROM coverage WHERE series_id = series.id AND state <> 'missing' ORDER BY from_time DESC LIMIT 1) AS known,
    (SELECT before_time FROM rollup_build WHERE series_id = series.id) AS unbuiltBefore,
    forming.open_time AS openTime, open, high, low, close, volume
  FROM series LEFT JOIN forming_candle AS forming ON forming.series_id = series.id AND ${IS_FRESH}
  WHERE series.id = ?`;

const COLUMNS = 'open_time, open, high, low, close, volume, minutes';
const ROLLUPS = `SELECT ${COLUMNS} FROM rollup WHERE series_id = ? AND interval = ? AND open_time >= ?`;
/** What comes after the stored ones, unless it has been stored since. */
const TAIL = `SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6 FROM json_each(?)
  WHERE NOT EXISTS (SELECT 1 FROM rollup WHERE series_id = ? AND interval = ? AND open_time >= value ->> 0)`;

const NOT_WHOLE =
  'json_group_array(json_array(open_time, minutes) ORDER BY open_time) FILTER (WHERE minutes < ?)';

const EXCUSED = `SELECT from_time AS "from", to_time AS "to" FROM coverage
  WHERE series_id = ? AND state IN ('empty', 'unlisted', 'delisted') AND from_time < ? AND from_time >= ifnull(
    (SELECT max(from_time) FROM coverage WHERE series_id = ? AND from_time <= ?), ?)
  ORDER BY from_time`;

/**
 * Reads candles of intervals that nobody collects: the stored rollups, and what is not over yet made for the answer. Of a
 * market whose minutes nobody collects either, all of it is made for the answer.
 */
@Injectable()
export class RollupReader {
  constructor(@InjectDataSource(READER) private readonly reader: DataSource) {}

  /** @param query its `seriesId` is that of the series that they are made of. @throws RollupsNotBuiltError */
  async read(query: RollupQuery): Promise<RollupText> {
    const { end, unbuiltBefore } = await this.state(query);
    const { text, next, full, candles } = await this.page(query, end, unbuiltBefore);
    const over = Math.max(
      end.known,
      end.newest === null ? -Infinity : stepOpenTime(query.source, end.newest, 1),
    );
    const open = query.closed
      ? undefined
      : candles.find(({ openTime }) => stepOpenTime(query.interval, openTime, 1) > over);
    const partial = await this.partial(query, candles, end);
    return { text, next, full, forming: open?.openTime ?? null, partial, over };
  }

  private page(query: RollupQuery, end: SeriesEnd, unbuiltBefore: number | null): Promise<CountedPage> {
    if (query.source !== ROLLUP_SOURCE) return makePage(this.reader, query, end);
    return unbuiltBefore === null
      ? this.readStoredPage(query, end)
      : this.readUnbuilt(query, end, unbuiltBefore);
  }

  private async state({ seriesId, source, closed }: RollupQuery) {
    const [{ newest, known, unbuiltBefore, openTime, ...figures }] = await this.reader.query<[StateRow]>(
      STATE,
      [seriesId],
    );
    const isForming = !closed && openTime !== null && openTime > (newest ?? -Infinity);
    const forming = isForming ? toRollup({ openTime, ...figures }, minutesOf(source, openTime)) : null;
    return { end: { source, newest, known: known ?? -Infinity, forming }, unbuiltBefore };
  }

  /** What was stored before there were rollups may not be rolled up yet. */
  private async readUnbuilt(query: RollupQuery, end: SeriesEnd, unbuiltBefore: number): Promise<CountedPage> {
    const { interval, from = -Infinity, to, order } = query;
    const builtFrom = firstOpenTimeFrom(interval, unbuiltBefore);
    if (from >= builtFrom) return this.readStoredPage(query, end);
    const newest = order === 'asc' && from === -Infinity && to === undefined;
    if (order === 'desc' || newest) {
      // The newest part is built first, and may be all that is asked for.
      const page = await this.readStoredPage(query, end, builtFrom);
      if (page.next !== null || (newest && page.full)) return page;
    }
    return makePage(this.reader, query, end);
  }

  private async readStoredPage(
    query: RollupQuery,
    end: SeriesEnd,
    builtFrom = Number.MIN_SAFE_INTEGER,
  ): Promise<CountedPage> {
    const { interval, seriesId } = query;
    const tail = await this.readTail(query, end);
    const rows = tail.map((rollup) => [...Object.values(toCandle(rollup)), rollup.minutes]);
    const key = [seriesId, interval];
    const source: PageSource = {
      ...(tail.length === 0
        ? { sql: ROLLUPS, parameters: [...key, builtFrom] }
        : {
            sql: ROLLUPS,
            parameters: [...key, builtFrom],
            besides: { sql: TAIL, parameters: [JSON.stringify(rows), ...key] },
          }),
      also: { sql: NOT_WHOLE, parameters: [minutesOf(interval, LONGEST)], column: 'minutes' },
    };
    const page = await readPage(this.reader, query, source);
    const candles = countedIn(page, query.order);
    // What is open may have all the minutes that it can have by now, the last of them open as well.
    const open = tail.at(-1);
    if (open && isIn(page, query, open.openTime) && candles.at(-1)?.openTime !== open.openTime)
      candles.push(open);
    return { ...page, candles };
  }

  private async readTail({ seriesId, interval, to, closed }: RollupQuery, end: SeriesEnd): Promise<Rollup[]> {
    const bucket = openBucket(interval, end);
    const isWanted = bucket !== null && (!closed || bucket.to <= end.known) && bucket.from < (to ?? Infinity);
    const wanted = isWanted ? partsOf(interval, bucket.from, end.newest!) : new Map<never, never>();
    const stored = await readStored(this.reader, seriesId, wanted);
    const parts = [...stored.values()].flatMap((rollups) => [...rollups.values()]);
    return groupRollups(interval, end.forming ? [...parts, end.forming] : parts);
  }

  private async partial(
    { seriesId, interval }: RollupQuery,
    candles: readonly CountedCandle[],
    end: SeriesEnd,
  ): Promise<number[]> {
    if (candles.length === 0) return [];
    const from = candles[0]!.openTime;
    const to = stepOpenTime(interval, candles.at(-1)!.openTime, 1);
    const excused = await this.reader.query<Window[]>(EXCUSED, [seriesId, to, seriesId, from, from]);
    return withHoles(interval, candles, excused, endOfSeries(end));
  }
}

/** Whether a candle that is later than all that are stored is in the page. */
function isIn({ next }: Page, { from, to, order }: RollupQuery, openTime: number): boolean {
  if (openTime < (from ?? -Infinity) || openTime >= (to ?? Infinity)) return false;
  return order === 'desc' || next === null || openTime < next;
}

/** Those in the page itself that are made of fewer minutes than the interval can have, ascending. */
function countedIn({ also, next }: Page, order: 'asc' | 'desc'): CountedCandle[] {
  const counted = (JSON.parse(String(also ?? '[]')) as Array<[number, number]>).map(
    ([openTime, minutes]) => ({
      openTime,
      minutes,
    }),
  );
  if (next === null) return counted;
  return counted.filter(({ openTime }) => (order === 'asc' ? openTime < next : openTime >= next));
}
