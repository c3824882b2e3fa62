import { countOpenTimes, firstOpenTimeFrom, stepOpenTime, type Grid } from '../../common/interval.js';
import { EARLIEST } from '../candle-page.js';
import { ExchangeError } from '../exchange-errors.js';

/**
 * Asks for rows as ccxt's `fetchOHLCV` does.
 *
 * @param since first open time wanted, Unix ms
 * @param until last moment wanted, Unix ms; exchanges that do not know it pass over it, or refuse
 */
export type AskForRows = (since: number, limit: number, until?: number) => Promise<unknown>;

export interface PageWindow {
  readonly grid: Grid;
  /** Unix ms, inclusive. */
  readonly from: number;
  /** Unix ms, exclusive. */
  readonly to: number;
  /** Rows per answer at most, as far as is known. */
  readonly pageSize: number;
  /** The time now, Unix ms. */
  readonly now: number;
  /** Whether the exchange itself names this page size; otherwise it is a guess, and answers may be shorter. */
  readonly sizeIsKnown: boolean;
}

/** A full answer of fewer candles may be full by chance. */
const SURE_SIZE = 10;
/** So many candles an answer covers at least, of exchanges that do not tell. */
const SAFE_SIZE = 100;
/** No exchange's clock is so far ahead of ours: what opens later was counted in another unit. */
const MAX_AHEAD_MS = 366 * 86_400_000;

/**
 * Makes one page out of the answers of an exchange, whatever it understands by `since` and `limit`:
 *
 * - the oldest rows from `since` on: one answer is the page;
 * - the newest ones, up to now: these begin after `since`. Where it knows `until`, what lies before them is asked for, back
 *   to the beginning of the window, and from then on every window is closed with it. Where it knows nothing of the kind,
 *   its newest rows are all there is;
 * - what falls into `[since, since + limit)`: an empty answer speaks of no more than that.
 *
 * The first row that begins late costs one more question, until the exchange has shown that it sends the oldest.
 */
export class CcxtPaging {
  private order: 'unknown' | 'oldest first' | 'newest' = 'unknown';

  /**
   * Rows of `[from, to)` and perhaps others, in no order: without a hole between the oldest of the window and the newest of
   * those returned that the exchange would not have either. Of a window longer than a page, the oldest candle of its
   * first page at least; where that is empty, perhaps nothing.
   *
   * @throws whatever `ask` throws
   */
  async read(ask: AskForRows, window: PageWindow): Promise<unknown> {
    if (this.order === 'newest') return this.readBackwards(ask, firstPage(window), []);
    const { grid, from, to, now } = window;
    const limit = Math.min(countOf(window), window.pageSize);
    const rows: unknown = await ask(from, limit);
    if (!Array.isArray(rows)) return rows;
    const placed = rows.filter((row) => isPlaced(row, window));
    const first = firstTime(placed, from);
    const isEmpty = placed.length === rows.length && first === undefined;
    if (isEmpty && !window.sizeIsKnown) return this.probeOn(ask, window);
    if (first === undefined) return rows;
    if (first < stepOpenTime(grid, from, 1)) {
      // The newest ones would have been those up to now. A window that ends before now is asked for where later candles are
      // known; of one that reaches up to now, its last may be the newest of all, however old.
      const isPast = lastTime(placed) < to && stepOpenTime(grid, to, 2) < now;
      if (rows.length >= Math.max(limit, SURE_SIZE) && isPast) this.order = 'oldest first';
      return rows;
    }
    if (this.order === 'oldest first') return rows;

    const strays: unknown[] = [];
    const before = await this.rowsBefore(ask, window, Math.min(first, to), strays);
    // Asked for the same time twice, an exchange sends the same strays twice.
    if (before.length === 0) return placed.length < rows.length ? rows : [...rows, ...strays];
    this.order = 'newest';
    return this.readBackwards(ask, firstPage(window), [...rows, ...before, ...strays]);
  }

  /** What lies in the window is asked for from its end to its beginning. */
  private async readBackwards(
    ask: AskForRows,
    window: PageWindow,
    known: readonly unknown[],
  ): Promise<unknown[]> {
    const { grid, from } = window;
    const rows = known.filter((row) => isBetween(timeOf(row), from, window.to));
    const strays = known.filter((row) => !isPlaced(row, window));
    let end = Math.min(window.to, firstTime(rows, from) ?? Infinity);
    while (end > from) {
      const before = await this.rowsBefore(ask, window, end, strays);
      if (before.length === 0) break;
      rows.push(...before);
      // An answer with duplicates loses its tail in ccxt, which keeps to the limit.
      for (let next = stepOpenTime(grid, lastTime(before), 1); next < end;) {
        const tail = await this.rowsBefore(ask, { ...window, from: next }, end, strays);
        if (tail.length === 0) break;
        rows.push(...tail);
        next = stepOpenTime(grid, lastTime(tail), 1);
      }
      end = firstTime(before, from)!;
    }
    return [...rows, ...strays];
  }

  /** Rows of the window that open before `end`. Those without a place come to the strays. */
  private async rowsBefore(
    ask: AskForRows,
    window: PageWindow,
    end: number,
    strays: unknown[],
  ): Promise<unknown[]> {
    const { from, pageSize } = window;
    try {
      const rows = await ask(from, pageSize, end - 1);
      if (!Array.isArray(rows)) return [];
      for (const row of rows) if (!isPlaced(row, window)) strays.push(row);
      return rows.filter((row) => isBetween(timeOf(row), from, end));
    } catch (error) {
      // It does not know `until`.
      if (error instanceof ExchangeError && error.code === 'EXCHANGE_BAD_REQUEST') return [];
      throw error;
    }
  }

  private async probeOn(ask: AskForRows, window: PageWindow): Promise<unknown[]> {
    const { grid, to } = firstPage(window);
    let from = stepOpenTime(grid, window.from, SAFE_SIZE);
    for (; from < to; from = stepOpenTime(grid, from, SAFE_SIZE)) {
      const rows = await ask(from, SAFE_SIZE);
      if (!Array.isArray(rows)) continue;
      const isEmpty = firstTime(rows, from) === undefined && rows.every((row) => isPlaced(row, window));
      if (!isEmpty) return rows as unknown[];
    }
    return [];
  }
}

function countOf({ grid, from, to }: PageWindow): number {
  return countOpenTimes(grid, from, firstOpenTimeFrom(grid, to));
}

function firstPage(window: PageWindow): PageWindow {
  const { grid, from, to, pageSize } = window;
  return { ...window, to: Math.min(to, stepOpenTime(grid, from, pageSize)) };
}

/** Whether a row has a time that can be one. Others are no candles, and no silence either: they are handed on as they are. */
function isPlaced(row: unknown, { now }: PageWindow): boolean {
  return isBetween(timeOf(row), EARLIEST, now + MAX_AHEAD_MS);
}

function timeOf(row: unknown): number {
  const time: unknown = Array.isArray(row) ? row[0] : undefined;
  return typeof time === 'number' ? time : NaN;
}

function isBetween(time: number, from: number, to: number): boolean {
  return time >= from && time < to;
}

/** The time of the oldest row from `from` on. */
function firstTime(rows: readonly unknown[], from: number): number | undefined {
  let first = Infinity;
  for (const row of rows) if (timeOf(row) >= from) first = Math.min(first, timeOf(row));
  return first === Infinity ? undefined : first;
}

function lastTime(rows: readonly unknown[]): number {
  let last = -Infinity;
  for (const row of rows) if (timeOf(row) > last) last = timeOf(row);
  return last;
}
