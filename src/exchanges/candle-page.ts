import type { Candle } from '../candles/candle.js';
import {
  CLOCK_TOLERANCE_MS,
  figureFault,
  payloadText,
  type CandleFault,
  type RejectedCandle,
} from '../candles/soundness.js';
import { canonicalDecimal } from '../common/decimal.js';
import { isOnGrid, openTimeAt, stepOpenTime, type Grid } from '../common/interval.js';
import { sharedAnchor } from '../common/shared-anchor.js';
import type { CandlePage } from './exchange-client.js';

/** 3 January 2009, the day of Bitcoin's first block: what opens before it was counted in another unit. */
export const EARLIEST = 1_230_940_800_000;

/** One row of an answer, whatever it holds. */
export interface CandleRow {
  /** Unix ms, if all is well. */
  readonly openTime: unknown;
  /** Open, high, low, close, volume. */
  readonly figures: readonly unknown[];
  /** As the exchange sent it, for the record. */
  readonly raw: unknown;
  /** False where the exchange itself says that the candle is still open. */
  readonly closed?: boolean | undefined;
}

export interface PageWindow {
  readonly grid: Grid;
  /** Unix ms, inclusive, on the grid. */
  readonly from: number;
  /** Unix ms, exclusive. */
  readonly to: number;
  /** The most candles to be given; of more, the oldest. */
  readonly limit?: number;
  /** The earlier of the exchange's clock and ours, Unix ms: what ends later is not closed. */
  readonly now: number;
  /** The later of the two: what opens after it cannot be. `now` unless given. */
  readonly latest?: number;
}

/**
 * Makes a page of whatever rows an exchange sent: checks each, orders them, keeps the forming candle apart, and sets
 * aside with a reason what is no candle. Rows of other times than the window's are passed over unjudged, as many
 * exchanges ignore the window; so are candles that have begun by our clock and not by the exchange's, which come again.
 */
export function toCandlePage(rows: readonly CandleRow[], window: PageWindow): CandlePage {
  const page = new PageSorter(window);
  for (const row of rows) page.add(row);
  return page.finish(sharedAnchor(window.grid, rows));
}

class PageSorter {
  private readonly closed = new Map<number, { readonly candle: Candle; readonly row: CandleRow }>();
  private readonly contradicted = new Set<number>();
  private readonly rejected: RejectedCandle[] = [];
  private readonly open: number;
  private readonly lastBegun: number;
  private forming: Candle | null = null;

  constructor(private readonly window: PageWindow) {
    this.open = openTimeAt(window.grid, window.now);
    this.lastBegun = Math.max(window.now, window.latest ?? window.now) + CLOCK_TOLERANCE_MS;
  }

  add(row: CandleRow): void {
    const { grid, from, to, now } = this.window;
    const { openTime } = row;
    if (typeof openTime !== 'number' || !Number.isSafeInteger(openTime) || openTime < EARLIEST) {
      return this.reject(row, null, 'time_unreadable');
    }
    if (openTime > this.lastBegun) return this.reject(row, openTime, 'not_begun');
    if (openTime < from || openTime >= to) return;
    if (!isOnGrid(grid, openTime)) return this.reject(row, openTime, 'off_grid');

    const candle = readCandle(openTime, row.figures);
    const fault = candle === null ? 'figure_unreadable' : figureFault(candle);
    if (candle === null || fault !== null) return this.reject(row, openTime, fault ?? 'figure_unreadable');

    const isClosed = row.closed !== false && stepOpenTime(grid, openTime, 1) <= now;
    if (isClosed) this.addClosed(candle, row);
    else if (openTime <= this.open && openTime >= (this.forming?.openTime ?? -Infinity))
      this.forming = candle;
  }

  finish(anchor: number | undefined): CandlePage {
    const closed = [...this.closed.values()]
      .map(({ candle }) => candle)
      .toSorted((a, b) => a.openTime - b.openTime)
      .slice(0, this.window.limit ?? Infinity);
    const { forming, rejected } = this;
    return {
      closed,
      forming,
      ...(rejected.length > 0 && { rejected }),
      ...(anchor !== undefined && { anchor }),
    };
  }

  /** Which of two closed candles is true cannot be told: both are set aside, and the exchange is asked again. */
  private addClosed(candle: Candle, row: CandleRow): void {
    const { openTime } = candle;
    const known = this.closed.get(openTime);
    if (known === undefined && !this.contradicted.has(openTime)) {
      this.closed.set(openTime, { candle, row });
      return;
    }
    if (known && sameCandle(known.candle, candle)) return;
    if (known) this.reject(known.row, openTime, 'contradictory');
    this.reject(row, openTime, 'contradictory');
    this.closed.delete(openTime);
    this.contradicted.add(openTime);
  }

  private reject(row: CandleRow, openTime: number | null, reason: CandleFault): void {
    this.rejected.push({ openTime, reason, payload: payloadText(row.raw) });
  }
}

function readCandle(openTime: number, figures: readonly unknown[]): Candle | null {
  try {
    const [open, high, low, close, volume] = figures.map((figure) => canonicalDecimal(String(figure)));
    if (open === undefined || high === undefined || low === undefined) return null;
    if (close === undefined || volume === undefined) return null;
    return { openTime, open, high, low, close, volume };
  } catch {
    return null;
  }
}

function sameCandle(a: Candle, b: Candle): boolean {
  return (
    a.open === b.open && a.high === b.high && a.low === b.low && a.close === b.close && a.volume === b.volume
  );
}
