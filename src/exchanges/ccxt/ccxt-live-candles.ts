import type { Candle } from '../../candles/candle.js';
import { canonicalDecimal } from '../../common/decimal.js';
import { ExchangeError } from '../exchange-errors.js';

/** A text in JSON, or a number that a double may not hold: with a fraction, an exponent, or more than 15 digits. */
const TEXT_OR_DECIMAL = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]?\d+)|-?\d{16,}/g;

/** JSON with its decimals in quotes, so that parsing it rounds none. Whatever is no JSON object or list is left alone. */
export function quoteDecimals(data: unknown): unknown {
  const text = Buffer.isBuffer(data) ? data.toString() : data;
  if (typeof text !== 'string' || !/^\s*[{[]/.test(text)) return data;
  return text.replace(TEXT_OR_DECIMAL, (token) => (token.startsWith('"') ? token : `"${token}"`));
}

/**
 * The rows of ccxt's `watchOHLCV`, ascending.
 *
 * @throws ExchangeError `EXCHANGE_UNAVAILABLE` when one of them is no candle
 */
export function toLiveCandles(rows: unknown): Candle[] {
  if (!Array.isArray(rows)) throw unreadable();
  return (rows as unknown[]).map(toCandle).toSorted((a, b) => a.openTime - b.openTime);
}

function toCandle(row: unknown): Candle {
  if (!Array.isArray(row) || row.length < 6 || !Number.isSafeInteger(row[0])) throw unreadable();
  const [openTime, ...figures] = row as [number, ...unknown[]];
  try {
    const [open, high, low, close, volume] = figures.map((figure) => canonicalDecimal(String(figure)));
    return { openTime, open: open!, high: high!, low: low!, close: close!, volume: volume! };
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause?: unknown): ExchangeError {
  return new ExchangeError('EXCHANGE_UNAVAILABLE', 'the stream holds a candle that cannot be read', {
    cause,
  });
}

interface Kline {
  readonly s?: unknown;
  readonly i?: unknown;
  readonly t?: unknown;
  readonly x?: unknown;
}

/**
 * Which candles the exchange called finished. ccxt drops that word; it is read off messages in Binance's form
 * (`k.x`, https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams#klinecandlestick-streams-for-utc).
 * Elsewhere a candle is known to be finished when the next one begins.
 */
export class FinishedKlines {
  private readonly keys = new Set<string>();

  note(message: unknown): void {
    const { data = message } = (message ?? {}) as { data?: unknown };
    const { k } = (data ?? {}) as { k?: Kline };
    if (k?.x !== true) return;
    if (this.keys.size > 10_000) this.keys.clear(); // of markets that nobody watches
    this.keys.add([k.s, k.i, k.t].join());
  }

  /** Whether this candle was called finished since it was asked last. */
  take(market: { readonly id: unknown; readonly timeframe: unknown }, openTime: number): boolean {
    return this.keys.delete([market.id, market.timeframe, openTime].join());
  }
}
