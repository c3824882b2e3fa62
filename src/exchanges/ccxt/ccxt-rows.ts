import type { CcxtExchange } from './ccxt-library.js';

/** What the exchange sent for each row that ccxt parsed; forgotten together with the parsed row. */
const sent = new WeakMap<object, unknown>();

/**
 * Has an exchange hand out all rows of an answer, each with what was sent for it. ccxt on its own takes whatever has no
 * `length` for an empty list, drops rows without a time, and cuts off what goes beyond the limit it was given.
 *
 * @param refuse throws, with what is wrong with the answer
 */
export function keepRows(exchange: CcxtExchange, refuse: (what: string) => never): void {
  const parseRow = exchange.parseOHLCV.bind(exchange);
  exchange.parseOHLCVs = (rows, market) => {
    if (rows === undefined) return [];
    if (!Array.isArray(rows)) return refuse('the answer holds no list of candles');
    return rows.map((row: unknown) => {
      const parsed = parsedOrEmpty(() => parseRow(row, market));
      sent.set(parsed, row);
      return parsed;
    });
  };
}

/** What the exchange sent for a parsed row; the row itself where that is not known. */
export function rawRow(row: unknown): unknown {
  return typeof row === 'object' && row !== null && sent.has(row) ? sent.get(row) : row;
}

/** ccxt's parsers reach into the row: one that is no row at all has no time, and is judged by that. */
function parsedOrEmpty(parse: () => unknown): unknown[] {
  try {
    const parsed = parse();
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}
