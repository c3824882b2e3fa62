import type { Row } from './flat-fill.js';

/** The columns of a candle, in their order. */
export const CANDLE_COLUMNS = ['open_time', 'open', 'high', 'low', 'close', 'volume'] as const;
export type CandleColumn = (typeof CANDLE_COLUMNS)[number];

/** Columns that stand beside them where the question makes them differ from row to row. */
export type Column = CandleColumn | 'filled' | 'closed' | 'symbol';

const FIELDS = {
  open_time: 'openTime',
  open: 'open',
  high: 'high',
  low: 'low',
  close: 'close',
  volume: 'volume',
  filled: 'filled',
  closed: 'closed',
} as const;

/** What stands in a column as JSON text: figures are written as they are, and never parsed. */
export function cell(row: Row, column: Column, symbol: string): string {
  return column === 'symbol' ? JSON.stringify(symbol) : String(row[FIELDS[column]]);
}

/** Whether these are all columns of a candle in their order, and nothing besides. */
export function isPlain(columns: readonly Column[]): boolean {
  return columns.join() === CANDLE_COLUMNS.join();
}
