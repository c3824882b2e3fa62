import { tableFromIPC } from 'apache-arrow';
import { candlesFrom, MINUTE } from '../support/candles.mjs';

/**
 * A candle of an answer: the open time, and five figures as text.
 *
 * @typedef {readonly [number, string, string, string, string, string]} Cells
 */

const FIGURES = ['open', 'high', 'low', 'close', 'volume'];
/** The series that everything is read from. */
const SERIES_ID = 1;

/** @param {readonly any[]} row @returns {Cells} */
const toCells = ([time, ...figures]) => /** @type {any} */ ([Number(time), ...figures.map(String)]);

/** @param {string} text */
const lines = (text) => text.trimEnd().split('\n');

/** @type {Record<string, (body: Buffer) => Cells[]>} */
const READ = {
  json: (body) => JSON.parse(String(body)).candles.map(toCells),
  csv: (body) =>
    lines(String(body))
      .slice(1)
      .map((line) => toCells(line.split(','))),
  ndjson: (body) => lines(String(body)).map((line) => toCells(Object.values(JSON.parse(line)))),
  udf(body) {
    const { t, o, h, l, c, v } = JSON.parse(String(body));
    return t.map((/** @type {number} */ time, /** @type {number} */ index) =>
      toCells([time * 1000, ...[o, h, l, c, v].map((column) => column[index])]),
    );
  },
  binance: (body) => JSON.parse(String(body)).map((/** @type {any[]} */ row) => toCells(row.slice(0, 6))),
  plain: (body) =>
    JSON.parse(String(body)).map((/** @type {any} */ row) =>
      toCells([row.openTime, ...FIGURES.map((figure) => row[figure])]),
    ),
  arrow(body) {
    const table = tableFromIPC(body);
    const times = table.getChild('open_time');
    const columns = FIGURES.map((figure) => table.getChild(figure));
    return Array.from({ length: table.numRows }, (_, index) =>
      toCells([times?.get(index), ...columns.map((column) => figureOf(column, index))]),
    );
  },
};

/** A double, or the words of a 128-bit decimal. @param {any} column @param {number} index */
function figureOf(column, index) {
  const value = column.get(index);
  if (typeof value === 'number') return value;
  const [low = 0, high = 0] = value;
  return (high * 2 ** 32 + low) / 10 ** column.type.scale;
}

/**
 * Looks whether an answer holds what was stored, every candle and every digit.
 *
 * @param {string} kind
 * @param {Buffer} body
 * @param {number} from Unix ms
 * @param {number} count
 */
export function assertAnswer(kind, body, from, count) {
  const found = READ[kind]?.(body) ?? [];
  if (found.length !== count) throw new Error(`${kind}: ${found.length} candles came instead of ${count}`);
  const stored = candlesFrom(SERIES_ID, from, count);
  for (const [index, { openTime, open, high, low, close, volume }] of stored.entries()) {
    const [came, wanted] = [found[index]?.join(), [openTime, open, high, low, close, volume].join()];
    if (came !== wanted)
      throw new Error(`${kind}: ${came} came instead of ${wanted}, ${(openTime - from) / MINUTE}`);
  }
}
