import type { Candle } from '../../candles/candle.js';
import { canonicalDecimal } from '../../common/decimal.js';
import { isOnGrid, openTimeAt, stepOpenTime, type Interval } from '../../common/interval.js';
import type { CandlePage } from '../exchange-client.js';
import { ExchangeError } from '../exchange-errors.js';

export interface CandleWindow {
  readonly interval: Interval;
  /** Unix ms, inclusive. */
  readonly from: number;
  /** Unix ms, exclusive. */
  readonly to: number;
  /** What the time is, Unix ms: what ends later is not closed. */
  readonly now: number;
}

/**
 * Orders, filters and splits the rows of ccxt's `fetchOHLCV`. Of two rows with one open time the later one counts.
 *
 * @throws ExchangeError `EXCHANGE_UNAVAILABLE` when a row inside the window holds something else than decimals: such
 * an answer is broken as a whole, and what is left of it must not pass for all there is
 */
export function toCandlePage(rows: unknown, { interval, from, to, now }: CandleWindow): CandlePage {
  if (!Array.isArray(rows)) throw unreadable();
  const candles = new Map<number, Candle>();
  for (const row of rows as unknown[]) {
    if (!Array.isArray(row)) throw unreadable();
    const [openTime, ...figures] = row as unknown[];
    if (!Number.isSafeInteger(openTime)) throw unreadable();
    const time = openTime as number;
    if (time >= from && time < to && isOnGrid(interval, time)) candles.set(time, toCandle(time, figures));
  }

  const open = openTimeAt(interval, now);
  const ascending = [...candles.values()].toSorted((a, b) => a.openTime - b.openTime);
  return {
    closed: ascending.filter(({ openTime }) => stepOpenTime(interval, openTime, 1) <= now),
    forming: candles.get(open) ?? null,
  };
}

function toCandle(openTime: number, figures: readonly unknown[]): Candle {
  const [open, high, low, close, volume] = figures.map(toDecimal);
  if (
    open === undefined ||
    high === undefined ||
    low === undefined ||
    close === undefined ||
    volume === undefined
  )
    throw unreadable();
  return { openTime, open, high, low, close, volume };
}

function toDecimal(figure: unknown): string {
  try {
    return canonicalDecimal(String(figure));
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause?: unknown): ExchangeError {
  return new ExchangeError('EXCHANGE_UNAVAILABLE', 'the answer holds a candle that cannot be read', {
    cause,
  });
}
