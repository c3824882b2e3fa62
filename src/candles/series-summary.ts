import { countOpenTimes, gridOf, openTimeAt, stepOpenTime, type Interval } from '../common/interval.js';
import type { CoverageState } from './coverage.js';
import type { Series, SeriesState, SeriesSummary } from './series.js';

/** A candle is missed only so long after it closed: until then it may be on its way. */
const GRACE_MS = 60_000;

/** Spans together: milliseconds, or months where the interval is a month. */
type Length = number;

/** A series, and its coverage summed up. Times are Unix ms, null where there are no such spans. */
export interface SummaryRow extends Series {
  readonly state: SeriesState;
  readonly anchor: number;
  readonly quarantined: number;
  readonly revisions: number;
  readonly historyFrom: number | null;
  /** Candles that opened before it have been removed again. */
  readonly prunedTo: number | null;
  readonly knownFrom: number | null;
  readonly knownTo: number | null;
  readonly haveFrom: number | null;
  readonly haveTo: number | null;
  readonly have: Length | null;
  /** What need not be there: `empty`, `unlisted`, `delisted`, but for the end of the market if it is the newest span. */
  readonly excused: Length | null;
  /** Stretches that are `missing`, or that no span speaks of, between the first span and the last. */
  readonly gaps: number;
  readonly firstState: CoverageState | null;
  readonly lastState: CoverageState | null;
  readonly lastFrom: number | null;
}

const MONTHS = (time: string) =>
  `(12 * strftime('%Y', ${time} / 1000, 'unixepoch') + strftime('%m', ${time} / 1000, 'unixepoch'))`;
const LENGTH = `CASE interval WHEN '1M' THEN ${MONTHS('to_time')} - ${MONTHS('from_time')} ELSE to_time - from_time END`;

/**
 * Selects `SummaryRow`s. Only rows of `coverage` are looked at, each once, in the order in which they lie: they are as
 * many as there are holes, whatever the number of candles.
 */
export function selectSummaries({ one }: { one: boolean }): string {
  return `WITH kept AS (
      SELECT series_id, coverage.state, to_time, from_time AS place,
        CASE WHEN from_time < pruned_to THEN pruned_to ELSE from_time END AS from_time
      FROM coverage JOIN series ON series.id = series_id
      WHERE (pruned_to IS NULL OR to_time > pruned_to) ${one ? 'AND series_id = ?' : ''}
    ), span AS (
      SELECT *, lag(to_time) OVER line AS before_to, lag(state) OVER line AS before_state, lead(from_time) OVER line AS next
      FROM kept WINDOW line AS (PARTITION BY series_id ORDER BY place)
    )
    SELECT id, exchange, symbol, interval, anchor, series.state AS state, revisions, pruned_to AS prunedTo,
      (SELECT count(*) FROM quarantine WHERE quarantine.series_id = series.id) AS quarantined,
      CASE WHEN history_from < pruned_to THEN pruned_to ELSE history_from END AS historyFrom,
      min(from_time) AS knownFrom, max(to_time) AS knownTo,
      min(from_time) FILTER (WHERE span.state = 'have') AS haveFrom,
      max(to_time) FILTER (WHERE span.state = 'have') AS haveTo,
      sum(${LENGTH}) FILTER (WHERE span.state = 'have') AS have,
      sum(${LENGTH}) FILTER (WHERE span.state = 'empty'
        OR (span.state IN ('unlisted', 'delisted') AND next IS NOT NULL)) AS excused,
      count(*) FILTER (WHERE (span.state = 'missing' OR before_to < from_time)
        AND before_state IS NOT 'missing') AS gaps,
      max(span.state) FILTER (WHERE before_to IS NULL) AS firstState,
      max(span.state) FILTER (WHERE next IS NULL) AS lastState,
      max(from_time) FILTER (WHERE next IS NULL) AS lastFrom
    FROM series LEFT JOIN span ON span.series_id = series.id
    WHERE deleted_at IS NULL ${one ? 'AND id = ?' : ''} GROUP BY series.id`;
}

/** @param now Unix ms */
export function summarise(row: SummaryRow, now: number): SeriesSummary {
  const { id, exchange, symbol, interval, anchor, revisions, quarantined, haveFrom, haveTo } = row;
  const count = openTimesIn(interval, row.have ?? 0);
  return {
    id,
    exchange,
    symbol,
    interval,
    ...(anchor !== 0 && { anchor }),
    first: haveFrom,
    last: haveTo === null ? null : stepOpenTime(gridOf(row), haveTo, -1),
    count,
    lag: haveTo === null ? null : Math.max(0, now - haveTo),
    ...completenessOf(row, count, now),
    revisions,
    quarantined,
    state: row.state,
  };
}

function completenessOf(
  row: SummaryRow,
  count: number,
  now: number,
): Pick<SeriesSummary, 'completeness' | 'missing' | 'gaps'> {
  const { interval, historyFrom, knownFrom, knownTo } = row;
  const start = Math.min(historyFrom ?? Infinity, knownFrom ?? Infinity);
  const end = endOf(row, now);
  if (start >= end) return { completeness: null, missing: 0, gaps: 0 };

  const expected = countOpenTimes(gridOf(row), start, end) - openTimesIn(interval, row.excused ?? 0);
  const missing = Math.max(0, Math.round(expected) - count);
  // Before the first span and after the last nobody has asked yet; where that one is `missing`, it is the same gap.
  const before = knownFrom !== null && start < knownFrom && row.firstState !== 'missing' ? 1 : 0;
  const after = knownTo !== null && knownTo < end && row.lastState !== 'missing' ? 1 : 0;
  const gaps = missing === 0 ? 0 : Math.max(1, row.gaps + before + after);
  return { completeness: count + missing === 0 ? null : count / (count + missing), missing, gaps };
}

/** Up to where candles should be there: to the newest that closed, or to the end of the market. */
function endOf(row: SummaryRow, now: number): number {
  const { haveTo, lastState, lastFrom } = row;
  if (lastState === 'delisted' || lastState === 'unlisted') return lastFrom!;
  return Math.max(openTimeAt(gridOf(row), now - GRACE_MS), haveTo ?? -Infinity);
}

function openTimesIn(interval: Interval, length: Length): number {
  return interval === '1M' ? length : Math.round(length / (stepOpenTime(interval, 0, 1) - 0));
}
