import { ArchiveError } from './archive-error.js';

/** In which column a row holds what. */
export interface RowLayout {
  readonly openTime: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  /** Columns up to the last of these: what comes after them is not looked at. */
  readonly width: number;
}

/** Rows without a header are in Binance's order, which is ours as well. */
export const COMMON_LAYOUT: RowLayout = {
  openTime: 0,
  open: 1,
  high: 2,
  low: 3,
  close: 4,
  volume: 5,
  width: 6,
};

/** What each column may be called, the best first. */
const NAMES: Readonly<Record<Exclude<keyof RowLayout, 'width'>, readonly string[]>> = {
  openTime: ['open_time', 'open_time_ms', 'time', 'timestamp', 'unix', 'date', 'datetime'],
  open: ['open', 'o'],
  high: ['high', 'h'],
  low: ['low', 'l'],
  close: ['close', 'c'],
  volume: ['volume', 'vol', 'v'],
};

/**
 * The layout that a first line names.
 *
 * @returns null where it names no column, and so is no header
 * @throws ArchiveError where it names some, and one of ours is not among them
 */
export function layoutOfHeader(line: string): RowLayout | null {
  const columns = cellsOf(line).map((cell) => cell.toLowerCase().replaceAll(/[\s-]+/g, '_'));
  const found = Object.entries(NAMES).map(([figure, names]) => {
    const name = names.find((candidate) => columns.includes(candidate));
    return [figure, name === undefined ? -1 : columns.indexOf(name)] as const;
  });
  if (found.every(([, column]) => column < 0)) return null;
  const missing = found
    .filter(([, column]) => column < 0)
    .map(([figure]) => NAMES[figure as keyof typeof NAMES]);
  if (missing.length > 0) {
    const wanted = missing.map(([first]) => first).join(', ');
    throw new ArchiveError('ARCHIVE_UNKNOWN', `its header names no column ${wanted}`);
  }
  const width = 1 + Math.max(...found.map(([, column]) => column));
  return { ...Object.fromEntries(found), width } as unknown as RowLayout;
}

/** The cells of a line. None of a candle's holds a comma or a line break, so quotes only stand around them. */
export function cellsOf(line: string, columns?: number): string[] {
  const cells = line.split(',', columns);
  return /["\s]/.test(line)
    ? cells.map((cell) =>
        cell
          .trim()
          .replace(/^"(.*)"$/, '$1')
          .trim(),
      )
    : cells;
}
