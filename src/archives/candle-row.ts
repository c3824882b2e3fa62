import type { Candle } from '../candles/candle.js';
import { canonicalDecimal } from '../common/decimal.js';
import { parseRowTime } from './row-time.js';
import { cellsOf, type RowLayout } from './row-layout.js';

const FIGURES = ['open', 'high', 'low', 'close', 'volume'] as const;

/**
 * A candle from a line of text, its figures the file's own in canonical form.
 *
 * @returns or why there is none in it
 */
export function parseCandleRow(line: string, layout: RowLayout): Candle | string {
  const cells = cellsOf(line, layout.width);
  const openTime = parseRowTime(cells[layout.openTime] ?? '');
  if (openTime === null) return 'its time is none';
  const figures: string[] = [];
  for (const name of FIGURES) {
    const cell = cells[layout[name]];
    if (cell === undefined) return `it has no ${name}`;
    const figure = toDecimal(cell);
    if (figure === null) return `its ${name} is no number`;
    figures.push(figure);
  }
  const [open, high, low, close, volume] = figures as [string, string, string, string, string];
  return { openTime, open, high, low, close, volume };
}

function toDecimal(text: string): string | null {
  try {
    return canonicalDecimal(text);
  } catch {
    return null;
  }
}
