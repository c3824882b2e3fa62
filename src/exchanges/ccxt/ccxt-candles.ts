import type { CandlePage } from '../exchange-client.js';
import { ExchangeError } from '../exchange-errors.js';
import { toCandlePage, type CandleRow, type PageWindow } from '../candle-page.js';
import { rawRow } from './ccxt-rows.js';

/** OKX says of each candle whether it is complete, in its last field: https://www.okx.com/docs-v5/en/#order-book-trading-market-data-get-candlesticks */
const CONFIRMS: ReadonlySet<string> = new Set(['okx', 'okxus', 'myokx']);
const CONFIRM_FIELD = 8;

/**
 * Makes a page of the rows of ccxt's `fetchOHLCV`.
 *
 * @param id ccxt's id of the exchange
 * @throws ExchangeError `EXCHANGE_UNAVAILABLE` when there is no list: such an answer must not pass for "no candles"
 */
export function readCcxtCandles(id: string, rows: unknown, window: PageWindow): CandlePage {
  if (!Array.isArray(rows)) {
    throw new ExchangeError('EXCHANGE_UNAVAILABLE', `${id}: the answer holds no list of candles`);
  }
  return toCandlePage(
    rows.map((row: unknown) => toRow(id, row)),
    window,
  );
}

function toRow(id: string, row: unknown): CandleRow {
  const raw = rawRow(row);
  const [openTime, ...figures] = Array.isArray(row) ? (row as unknown[]) : [];
  return { openTime, figures, raw, closed: isClosed(id, raw) };
}

function isClosed(id: string, raw: unknown): boolean | undefined {
  if (!CONFIRMS.has(id) || !Array.isArray(raw)) return undefined;
  return String(raw[CONFIRM_FIELD] ?? '1') !== '0';
}
