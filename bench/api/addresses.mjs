import { MINUTE, NEWEST } from '../support/candles.mjs';
import { EXCHANGE } from '../support/cryptoflow.mjs';

/** Candles of one answer. */
export const LIMIT = 1000;
export const SYMBOL = 'BTC/USDT';
/** Windows follow one another so that none is near the one before. Prime, so that none comes twice. */
const STRIDE = 104_729;

/** A page of `GET /api/v1/candles`. @param {string} rest */
const candles = (rest) =>
  `/api/v1/candles?exchange=${EXCHANGE}&symbol=${encodeURIComponent(SYMBOL)}&interval=1m&${rest}`;

/** Where `LIMIT` candles from an open time on are to be had. @type {Record<string, (from: number) => string>} */
export const PAGES = {
  json: (from) => candles(`limit=${LIMIT}&from=${from}`),
  csv: (from) => candles(`limit=${LIMIT}&from=${from}&format=csv`),
  ndjson: (from) => candles(`limit=${LIMIT}&from=${from}&format=ndjson`),
  udf: (from) =>
    `/udf/history?symbol=${EXCHANGE.toUpperCase()}:${encodeURIComponent(SYMBOL)}&resolution=1` +
    `&to=${(from + LIMIT * MINUTE) / 1000}&countback=${LIMIT}`,
  binance: (from) =>
    `/binance/${EXCHANGE}/api/v3/klines?symbol=${SYMBOL.replace('/', '')}&interval=1m&limit=${LIMIT}&startTime=${from}`,
  plain: (from) => `/?from=${from}&limit=${LIMIT}`,
};

/** The last `count` minutes that are kept. @param {number} count */
export const historyOf = (count) => ({ from: NEWEST - count * MINUTE, to: NEWEST });

/** All of a window at once. @param {{ from: number, to: number }} window @param {string} format */
export const bulkPath = ({ from, to }, format) => candles(`from=${from}&to=${to}&limit=all&format=${format}`);

/** The same window, page by page. */
export const PAGED = {
  json: (/** @type {number} */ from, /** @type {number} */ to, /** @type {number} */ limit) =>
    candles(`from=${from}&to=${to}&limit=${limit}`),
  plain: (/** @type {number} */ from, /** @type {number} */ _to, /** @type {number} */ limit) =>
    `/?from=${from}&limit=${limit}`,
};

/**
 * Where the windows of `LIMIT` candles begin that a history of so many candles has, each once, all over it.
 *
 * @param {number} rows
 */
export function* windows(rows) {
  const count = rows - LIMIT + 1;
  for (let number = 0; number < count; number += 1) {
    yield NEWEST - LIMIT * MINUTE - ((number * STRIDE) % count) * MINUTE;
  }
}
