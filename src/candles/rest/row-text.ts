import type { CandleFormat } from '../candle-reader.js';
import { cell, type Column } from './columns.js';
import type { Row } from './flat-fill.js';

/** Rows as text, with the columns that are wanted; in the forms of `CandleText`. */
export function rowText(
  rows: readonly Row[],
  columns: readonly Column[],
  format: CandleFormat,
  symbol: string,
): Buffer {
  const cells = (row: Row) => columns.map((column) => cell(row, column, symbol));
  if (format === 'json') return Buffer.from(rows.map((row) => `[${cells(row).join()}]`).join());
  if (format === 'csv') {
    // Symbols hold no quotation mark and no comma.
    const line = (row: Row) => cells(row).map((text) => (text.startsWith('"') ? text.slice(1, -1) : text));
    return Buffer.from(rows.map((row) => line(row).join()).join('\n'));
  }
  const object = (row: Row) =>
    `{${cells(row)
      .map((text, index) => `"${columns[index]}":${text}`)
      .join()}}`;
  return Buffer.from(rows.map(object).join('\n'));
}
