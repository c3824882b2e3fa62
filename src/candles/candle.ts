/**
 * One OHLCV candle. Prices and volume are canonical decimal strings (`common/decimal.ts`): what the exchange sent, to
 * the last digit. `openTime` is Unix milliseconds, UTC, on the interval's grid.
 */
export interface Candle {
  readonly openTime: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  /** In the base currency. */
  readonly volume: string;
}
