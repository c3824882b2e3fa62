import type { DataSource } from 'typeorm';
import { CryptoFlowError } from '../common/errors.js';
import { firstOpenTimeFrom, stepOpenTime } from '../common/interval.js';
import { nextTurn } from '../common/turns.js';
import type { Candle } from './candle.js';
import { candleText, type CandleQuery, type CandleText } from './candle-reader.js';
import { minutesOf, ROLLUP_SOURCE, toCandle, toRollup, type Rollup, type RollupInterval } from './rollup.js';
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
}

/** Minutes that one answer is made of at most, and how many are worked on at a time. */
const MAX_MINUTES = 100_000;
const PIECE = 1000;

const MINUTES = `SELECT open_time AS openTime, open, high, low, close, volume FROM candle
  WHERE series_id = ? AND open_time >= ? AND open_time < ?`;

/**
 * Makes a page straight from the minutes: right whatever is stored of rollups, and slow.
 *
 * @throws RollupsNotBuiltError
 */
export async function makePage(
  reader: DataSource,
  query: RollupQuery,
  end: SeriesEnd,
): Promise<CandleText & { full: boolean; candles: Rollup[] }> {
  const { seriesId, interval, limit, order, closed } = query;
  const newest = query.from === undefined && query.to === undefined && order === 'asc';
  const descending = newest || order === 'desc';
  const from = firstOpenTimeFrom(interval, query.from ?? 0);
  const to = query.to === undefined ? Number.MAX_SAFE_INTEGER : firstOpenTimeFrom(interval, query.to);
  const enough = Math.min(MAX_MINUTES, (limit + 2) * minutesOf(interval, 0));

  const rows = await reader.query<Candle[]>(
    `${MINUTES} ORDER BY open_time ${descending ? 'DESC' : 'ASC'} LIMIT ${enough}`,
    [seriesId, from, to],
  );
  const isCut = rows.length === enough;
  const minutes = (descending ? rows.toReversed() : rows).map((row) => toRollup(row));
  const { forming } = end;
  if (forming && forming.openTime >= from && forming.openTime < to && (descending || !isCut)) {
    minutes.push(forming);
  }

  let made = await roll(interval, minutes);
  if (descending) made.reverse();
  if (isCut) made.pop(); // it may go on in what was not read
  const known = Math.max(end.known, stepOpenTime(ROLLUP_SOURCE, end.newest ?? 0, 1));
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

/** @param minutes ascending */
async function roll(interval: RollupInterval, minutes: readonly Rollup[]): Promise<Rollup[]> {
  const pieces: Rollup[] = [];
  for (let start = 0; start < minutes.length; start += PIECE) {
    await nextTurn();
    pieces.push(...groupRollups(interval, minutes.slice(start, start + PIECE)));
  }
  return groupRollups(interval, pieces);
}
