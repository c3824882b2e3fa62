import type { CandleLine, RefusedRow } from '../archives/candle-file.js';
import type { Candle } from '../candles/candle.js';
import { spansOfAnswer, type CoverageSpan } from '../candles/coverage.js';
import { payloadText } from '../candles/soundness.js';
import { stepOpenTime, type Grid } from '../common/interval.js';

export interface OrderedCandles {
  /** Ascending, one of each open time. */
  readonly candles: readonly Candle[];
  /** How often a candle came again. */
  readonly repeated: number;
  /** Those that say something else than one of the same time before them. */
  readonly contradicting: readonly RefusedRow[];
}

/** Puts rows into the order of time; of several for one time the first one counts. */
export function inOrder(rows: readonly CandleLine[]): OrderedCandles {
  const given = rows.map(({ candle }) => candle);
  if (isAscending(given)) return { candles: given, repeated: 0, contradicting: [] };
  const candles: Candle[] = [];
  const contradicting: RefusedRow[] = [];
  let repeated = 0;
  for (const { candle, line, text } of rows.toSorted((a, b) => a.candle.openTime - b.candle.openTime)) {
    const { openTime } = candle;
    const last = candles.at(-1);
    if (last?.openTime !== openTime) candles.push(candle);
    else if (sameFigures(last, candle)) repeated += 1;
    else contradicting.push({ line, openTime, reason: 'contradictory', payload: payloadText(text) });
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
export function spansOfCandles(grid: Grid, candles: readonly Candle[]): CoverageSpan[] {
  const [first, last] = [candles[0], candles.at(-1)];
  if (!first || !last) return [];
  const window = { from: first.openTime, to: stepOpenTime(grid, last.openTime, 1) };
  const openTimes = candles.map(({ openTime }) => openTime);
  return spansOfAnswer(grid, window, openTimes).filter(({ state }) => state === 'have');
}
