import type { Candle } from '../candles/candle.js';
import { spansOfAnswer, type CoverageSpan } from '../candles/coverage.js';
import { stepOpenTime, type Interval } from '../common/interval.js';

export interface OrderedCandles {
  /** Ascending, one of each open time. */
  readonly candles: readonly Candle[];
  /** How often a candle came again. */
  readonly repeated: number;
  /** Those that say something else than one of the same time before them. */
  readonly contradicting: readonly Candle[];
}

/** Puts rows into the order of time; of several for one time the first one counts. */
export function inOrder(rows: readonly Candle[]): OrderedCandles {
  if (isAscending(rows)) return { candles: rows, repeated: 0, contradicting: [] };
  const candles: Candle[] = [];
  const contradicting: Candle[] = [];
  let repeated = 0;
  for (const row of rows.toSorted((a, b) => a.openTime - b.openTime)) {
    const last = candles.at(-1);
    if (last?.openTime !== row.openTime) candles.push(row);
    else if (sameFigures(last, row)) repeated += 1;
    else contradicting.push(row);
  }
  return { candles, repeated, contradicting };
}

function isAscending(rows: readonly Candle[]): boolean {
  return rows.every((row, index) => index === 0 || rows[index - 1]!.openTime < row.openTime);
}

export function sameFigures(a: Candle, b: Candle): boolean {
  return (
    a.open === b.open && a.high === b.high && a.low === b.low && a.close === b.close && a.volume === b.volume
  );
}

/** Those of ascending candles that no span says we have. @param spans ascending */
export function withoutHad(candles: readonly Candle[], spans: readonly CoverageSpan[]): Candle[] {
  const have = spans.filter(({ state }) => state === 'have');
  let next = 0;
  return candles.filter(({ openTime }) => {
    while (next < have.length && have[next]!.to <= openTime) next += 1;
    const span = have[next];
    return span === undefined || openTime < span.from;
  });
}

/** What ascending candles bear out: nothing is said of the holes between them. */
export function spansOfCandles(interval: Interval, candles: readonly Candle[]): CoverageSpan[] {
  const [first, last] = [candles[0], candles.at(-1)];
  if (!first || !last) return [];
  const window = { from: first.openTime, to: stepOpenTime(interval, last.openTime, 1) };
  const openTimes = candles.map(({ openTime }) => openTime);
  return spansOfAnswer(interval, window, openTimes).filter(({ state }) => state === 'have');
}
