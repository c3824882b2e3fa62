import type { DataSource } from 'typeorm';
import { CryptoFlowError } from '../common/errors.js';
import { firstOpenTimeFrom, stepOpenTime, type Interval } from '../common/interval.js';
import { nextTurn } from '../common/turns.js';
import type { Candle } from './candle.js';
import { candleText, type CandleQuery, type CandleText } from './candle-reader.js';
import {
  LONGEST,
  minutesOf,
  ROLLUP_SOURCE,
  toCandle,
  toRollup,
  type Rollup,
  type RollupInterval,
} from './rollup.js';
import { groupRollups, type SeriesEnd } from './rollup-tail.js';

/** The candles asked for are not rolled up yet, and of too many minutes to be made for one answer. */
export class RollupsNotBuiltError extends CryptoFlowError {
  constructor() {
    super(
      'ROLLUPS_NOT_BUILT',
      'these candles are still being made from the minutes: ask again, or for fewer',
    );
  }
}

export interface RollupQuery extends CandleQuery {
  readonly interval: RollupInterval;
  /** The interval of the series that answers. */
  readonly source: Interval;
}

/** Candles that one answer is made of at most, and how many are worked on at a time. */
const MAX_PARTS = 100_000;
const PIECE = 1000;

const PARTS = `SELECT open_time AS openTime, open, high, low, close, volume FROM candle
  WHERE series_id = ? AND open_time >= ? AND open_time < ?`;

/**
 * Makes a page straight from the candles of the source: right whatever is stored of rollups, and slow. Where none are ever
 * stored, a page that would be made of too many holds fewer candles than were asked for, and `next`.
 *
 * @throws RollupsNotBuiltError
 */
export async function makePage(
  reader: DataSource,
  query: RollupQuery,
  end: SeriesEnd,
): Promise<Omit<CandleText, 'forming'> & { candles: Rollup[] }> {
  const { seriesId, interval, source, order, closed } = query;
  const parts = Math.ceil(minutesOf(interval, LONGEST) / minutesOf(source, LONGEST));
  const limit =
    source === ROLLUP_SOURCE ? query.limit : Math.min(query.limit, Math.floor(MAX_PARTS / parts) - 2);
  const newest = query.from === undefined && query.to === undefined && order === 'asc';
  const descending = newest || order === 'desc';
  const from = firstOpenTimeFrom(interval, query.from ?? 0);
  const to = query.to === undefined ? Number.MAX_SAFE_INTEGER : firstOpenTimeFrom(interval, query.to);
  const enough = Math.min(MAX_PARTS, (limit + 2) * parts);

  const rows = await reader.query<Candle[]>(
    `${PARTS} ORDER BY open_time ${descending ? 'DESC' : 'ASC'} LIMIT ${enough}`,
    [seriesId, from, to],
  );
  const isCut = rows.length === enough;
  const candlesOfSource = (descending ? rows.toReversed() : rows).map((row) =>
    toRollup(row, minutesOf(source, row.openTime)),
  );
  const { forming } = end;
  if (forming && forming.openTime >= from && forming.openTime < to && (descending || !isCut)) {
    candlesOfSource.push(forming);
  }

  let made = await roll(interval, candlesOfSource);
  if (descending) made.reverse();
  if (isCut) made.pop(); // it may go on in what was not read
  const known = Math.max(end.known, stepOpenTime(source, end.newest ?? 0, 1));
  if (closed) made = made.filter(({ openTime }) => stepOpenTime(interval, openTime, 1) <= known);
  if (isCut && made.length < limit + (newest ? 0 : 1)) throw new RollupsNotBuiltError();

  const candles = made.slice(0, limit);
  const after = order === 'desc' ? candles.at(-1) : made[limit];
  const next = newest || made.length <= limit ? null : after!.openTime;
  if (newest) candles.reverse();
  return {
    text: candleText(candles.map(toCandle), query.format),
    next,
    full: candles.length === limit,
    candles: candles.toSorted((a, b) => a.openTime - b.openTime),
  };
}

/** @param parts ascending */
async function roll(interval: RollupInterval, parts: readonly Rollup[]): Promise<Rollup[]> {
  const pieces: Rollup[] = [];
  for (let start = 0; start < parts.length; start += PIECE) {
    await nextTurn();
    pieces.push(...groupRollups(interval, parts.slice(start, start + PIECE)));
  }
  return groupRollups(interval, pieces);
}
