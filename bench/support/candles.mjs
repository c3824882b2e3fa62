import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

export const MINUTE = 60_000;
/** Where the history ends: everything is laid down before it, newest first, as a backfill does. */
export const NEWEST = Date.UTC(2026, 0, 1);
const TEMPLATES = 8192;

/** @param {number} units @param {number} places */
const decimal = (units, places) => String(units / 10 ** places);

function makeFigures() {
  let state = 1;
  const below = (/** @type {number} */ limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * limit);
  };
  let price = 6_231_407;
  return Array.from({ length: TEMPLATES }, () => {
    const open = price;
    const close = (price = Math.max(1_000_000, open + below(4001) - 2000));
    return {
      open: decimal(open, 2),
      high: decimal(Math.max(open, close) + below(1500), 2),
      low: decimal(Math.min(open, close) - below(1500), 2),
      close: decimal(close, 2),
      volume: decimal(100_000 + below(900_000_000), 5),
    };
  });
}

/** Made once, so that making candles costs next to nothing beside storing them. */
const figures = makeFigures();

/**
 * The one-minute candles of `[from, from + count minutes)`: always the same for the same series and minute.
 *
 * @param {number} seriesId
 * @param {number} from Unix ms
 * @param {number} count
 */
export function candlesFrom(seriesId, from, count) {
  const candles = new Array(count);
  for (let index = 0; index < count; index += 1) {
    const openTime = from + index * MINUTE;
    const figure = figures[(openTime / MINUTE + seriesId * 977) % TEMPLATES];
    candles[index] = { openTime, ...figure };
  }
  return candles;
}

/**
 * The pages of a backfill of several series in turn, each from the newest to the oldest.
 *
 * @param {{ seriesIds: number[], rows: number, perPage: number }} options
 */
export function* backfillPages({ seriesIds, rows, perPage }) {
  for (let done = 0, page = 0; done < rows; page += 1) {
    for (const seriesId of seriesIds) {
      if (done >= rows) return;
      const to = NEWEST - page * perPage * MINUTE;
      yield { seriesId, from: to - perPage * MINUTE, to };
      done += perPage;
    }
  }
}

/**
 * Writes the rows of those pages as CSV, in the order in which they are committed.
 *
 * @param {string} file
 * @param {{ seriesIds: number[], rows: number, perPage: number }} options
 */
export async function writeCsv(file, options) {
  const stream = createWriteStream(file);
  for (const { seriesId, from } of backfillPages(options)) {
    const lines = candlesFrom(seriesId, from, options.perPage).map(
      ({ openTime, open, high, low, close, volume }) =>
        `${seriesId},${openTime},${open},${high},${low},${close},${volume}\n`,
    );
    if (!stream.write(lines.join(''))) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'close');
}
