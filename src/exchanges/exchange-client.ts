import type { Candle } from '../candles/candle.js';
import type { RejectedCandle } from '../candles/soundness.js';
import type { Interval } from '../common/interval.js';

/** A market of an exchange, in ccxt's unified notation. */
export interface Market {
  /** `BASE/QUOTE`, `BASE/QUOTE:SETTLE` for derivatives. */
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly active: boolean;
  /** The step of its prices, a canonical decimal such as `0.01`, where the exchange tells. */
  readonly tickSize?: string | undefined;
  /** The step of its amounts, a canonical decimal, where the exchange tells. */
  readonly stepSize?: string | undefined;
}

export interface CandleRequest {
  readonly symbol: string;
  readonly interval: Interval;
  /** How far the exchange's grid is from the interval's own, in milliseconds; 0 unless given. */
  readonly anchor?: number | undefined;
  /** First open time wanted, Unix ms, on the grid. */
  readonly from: number;
  /** Open times from here on are not wanted, Unix ms. May lie in the future. */
  readonly to: number;
  /** Whether somebody waits for it. Bulk work leaves some of the exchange's quota to what is urgent. */
  readonly urgent?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * An exchange's answer for one request.
 *
 * `closed` is ascending, without duplicates, on the grid, inside `[from, to)`, and holds only candles that have closed by
 * the exchange's clock. It starts with the oldest candle that the exchange has in the window, and may end before the
 * window does: at most one page. Of a window that is longer than a page, an exchange may know its first page only: an
 * empty page then says nothing about the rest. `forming` is the candle still open, when the window holds it and the
 * exchange sent it.
 *
 * Both hold only what is sound: `figureFault` of `candles/soundness.ts` finds nothing. What is not is `rejected`, and
 * leaves the rest of the page as it is; `toCandlePage` of `candle-page.ts` makes such a page of any rows.
 */
export interface CandlePage {
  readonly closed: readonly Candle[];
  readonly forming: Candle | null;
  /** What the exchange sent for times of the window that is no candle. Left out where there is nothing. */
  readonly rejected?: readonly RejectedCandle[];
  /**
   * Set where all candles of the answer lie on one other grid, milliseconds from the interval's own: the exchange's. The
   * candles are then among the rejected; asked with this `anchor`, the exchange gives them.
   */
  readonly anchor?: number;
}

export interface WatchRequest {
  readonly symbol: string;
  readonly interval: Interval;
  /** Ends the watch. */
  readonly signal: AbortSignal;
}

/** What a stream says of the newest candle. */
export interface LiveCandle {
  readonly candle: Candle;
  /** The exchange says that nothing more will come to it. */
  readonly finished: boolean;
}

/**
 * The port to an exchange. One instance per exchange id. Implementations pass the suite in
 * `test/contract/exchange-client.contract.ts`.
 */
export abstract class ExchangeClient {
  /** The exchange's id as it stands in `CRYPTOFLOW_MARKETS`, for example `binance`. */
  abstract readonly id: string;

  /** How many requests may be under way at once; the client spaces them by itself. */
  abstract readonly concurrency: number;

  /** @throws ExchangeError */
  abstract markets(signal?: AbortSignal): Promise<readonly Market[]>;

  /** The most candles that one page can hold for this symbol and interval. Call `markets` first. */
  abstract pageSize(symbol: string, interval: Interval): number;

  /**
   * One page of candles, starting with the oldest in the window.
   *
   * @throws ExchangeError
   */
  abstract fetchCandles(request: CandleRequest): Promise<CandlePage>;

  /**
   * Every update of the newest candle of a market as the exchange pushes it, where it does: leave it out where it does
   * not. Figures are canonical decimals, open times on the grid. Updates may be dropped in favour of later ones. The
   * iteration ends by an error alone: the signal's reason once it aborts; an `ExchangeError` when the connection is lost,
   * has fallen silent, or cannot be had. It is not resumed here: whoever watches asks again, after a while. What comes may
   * be late, doubled or out of order; a closed candle is always asked for by `fetchCandles`.
   *
   * @throws ExchangeError one that is not retryable where this market or interval is never pushed
   */
  watchCandles?(request: WatchRequest): AsyncIterable<LiveCandle>;

  /** Frees sockets and timers. */
  abstract close(): Promise<void>;
}
