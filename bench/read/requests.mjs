import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { MINUTE, NEWEST } from '../support/candles.mjs';
import { EXCHANGE } from '../support/cryptoflow.mjs';
import { Worker, withWorkers } from '../support/worker.mjs';
import { workFolder } from '../support/workspace.mjs';

const LIMIT = 1000;
const PAGES = 20_000;

/** Markets of the simulator that are all collected, so that a backfill lasts. */
export const ALL_MARKETS = 'simulator:*/USDT@1m simulator:BTC/EUR@1m';

/** The whole history of the simulator: some 25 million candles. */
export const LONG_BACKFILL = '2017-01-01';

/**
 * The addresses of pages of 1,000 candles all over the history, in an order that no cache foresees, and so many of them that
 * the answers which the service keeps are long gone when a page comes again.
 *
 * @param {number} seedRows
 */
export function pagePaths(seedRows) {
  const starts = seedRows - LIMIT;
  const froms = Array.from({ length: Math.min(PAGES, starts) }, (_, index) => {
    const start = (index * 7919) % starts;
    return NEWEST - (LIMIT + start) * MINUTE;
  });
  const symbol = encodeURIComponent('BTC/USDT');
  return {
    service: froms.map(
      (from) =>
        `/api/v1/candles?exchange=${EXCHANGE}&symbol=${symbol}&interval=1m&limit=${LIMIT}&from=${from}`,
    ),
    plain: froms.map((from) => `/?from=${from}`),
  };
}

/** @param {string} url @param {string[]} paths */
export const addresses = (url, paths) => paths.map((path) => url + path);

/** A database whose first series has `seedRows` candles. @param {number} seedRows */
export async function seedDatabase(seedRows) {
  const file = join(workFolder('seed'), 'candles.db');
  await withWorkers([new Worker('read/backfill-process.mjs')], async (worker) => {
    await worker.call('open', { file });
    await worker.call('seed', { rows: seedRows });
  });
  return file;
}

/** A copy of its own. @param {string} seed */
export function copyDatabase(seed) {
  const file = join(workFolder('read'), 'candles.db');
  copyFileSync(seed, file);
  return file;
}
