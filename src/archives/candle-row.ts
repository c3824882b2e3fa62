import type { Candle } from '../candles/candle.js';
import type { CandleFault } from '../candles/soundness.js';
import { canonicalDecimal } from '../common/decimal.js';
import { parseRowTime } from './row-time.js';
import { cellsOf, type RowLayout } from './row-layout.js';

const FIGURES = ['open', 'high', 'low', 'close', 'volume'] as const;

/** What a line without a candle in it still tells. */
export interface UnreadableRow {
  /** Unix ms; null where it has none. */
  readonly openTime: number | null;
  readonly fault: CandleFault;
}

/** A candle from a line of text, its figures the file's own in canonical form; or why there is none in it. */
export function parseCandleRow(line: string, layout: RowLayout): Candle | UnreadableRow {
  const cells = cellsOf(line, layout.width);
  const openTime = parseRowTime(cells[layout.openTime] ?? '');
  if (openTime === null) return { openTime, fault: 'time_unreadable' };
  const figures: string[] = [];
  for (const name of FIGURES) {
    const figure = toDecimal(cells[layout[name]]);
    if (figure === null) return { openTime, fault: 'figure_unreadable' };
    figures.push(figure);
  }
  const [open, high, low, close, volume] = figures as [string, string, string, string, string];
  return { openTime, open, high, low, close, volume };
}

function toDecimal(text: string | undefined): string | null {
  if (text === undefined) return null;
  try {
    return canonicalDecimal(text);
  } catch {
    return null;
  }
}
