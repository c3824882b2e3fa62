import type { Candle } from '../candles/candle.js';
import type { Interval } from '../common/interval.js';

/** A market of an exchange, in ccxt's unified notation. */
export interface Market {
  /** `BASE/QUOTE`, `BASE/QUOTE:SETTLE` for derivatives. */
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly active: boolean;
}

export interface CandleRequest {
  readonly symbol: string;
  readonly interval: Interval;
  /** First open time wanted, Unix ms, on the interval's grid. */
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
 * empty page then says nothing about the rest. `forming` is the candle still open, when the window holds it and the exchange sent it.
 */
export interface CandlePage {
  readonly closed: readonly Candle[];
  readonly forming: Candle | null;
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

  /** Frees sockets and timers. */
  abstract close(): Promise<void>;
}
