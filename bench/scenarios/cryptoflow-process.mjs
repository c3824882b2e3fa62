// A process of CryptoFlow, as far as the scenarios need it: a collector that commits, or an API that reads and writes.
import { setTimeout as delay } from 'node:timers/promises';
import { MINUTE, NEWEST } from '../support/candles.mjs';
import { benchSeries, commitPage, openCryptoFlow } from '../support/cryptoflow.mjs';
import { highest } from '../support/statistics.mjs';
import { atStop, serveTasks } from '../support/tasks.mjs';
import { isLockError, requestLoop } from './request-loop.mjs';

const ADD_NOTE = 'INSERT INTO bench_note (body) VALUES (?)';

/** @type {import('../support/cryptoflow.mjs').CryptoFlow} */
let cryptoflow;
/** @type {any[]} */
let series;
let page = 0;

const addNote = (/** @type {string} */ body) =>
  cryptoflow.writer.transaction((/** @type {any} */ manager) => manager.query(ADD_NOTE, [body]));

serveTasks({
  async open({ file }) {
    cryptoflow = await openCryptoFlow(file);
    atStop(() => cryptoflow.close());
    series = await benchSeries(cryptoflow, 2);
    await cryptoflow.writer.query(
      'CREATE TABLE IF NOT EXISTS bench_note (id INTEGER PRIMARY KEY, body TEXT NOT NULL)',
    );
  },

  /** Commits pages under the lease of a series. */
  async collect({ seconds, seriesIndex, rows, pauseMs = 0, lane = 'backfill' }) {
    const own = series[seriesIndex];
    const lease = await cryptoflow.locks.acquire(`series:${own.id}`);
    const latencies = [];
    let lockErrors = 0;
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end) {
      page += 1;
      const started = performance.now();
      const from = NEWEST - page * 4000 * MINUTE;
      await commitPage(cryptoflow, { lease, series: own, from, rows, lane }).catch(
        (/** @type {unknown} */ error) => {
          if (!isLockError(error)) throw error;
          lockErrors += 1;
        },
      );
      latencies.push(performance.now() - started);
      if (pauseMs > 0) await delay(pauseMs);
    }
    await cryptoflow.locks.release(lease);
    return { lockErrors, worstMs: highest(latencies), candles: (latencies.length - lockErrors) * rows };
  },

  writes: ({ seconds, everyMs }) =>
    requestLoop({ seconds, everyMs, request: (number) => addNote(`note ${number}`) }),

  reads: ({ seconds, everyMs }) => {
    const query = { seriesId: series[0].id, limit: 1000, order: 'desc', closed: true, format: 'json' };
    return requestLoop({ seconds, everyMs, request: () => cryptoflow.candles.read(query) });
  },

  /** A request that writes while the collector's transaction is open, which then rolls back: both in this process. */
  async sharedProcess({ holdMs }) {
    const failure = new Error('rolled back');
    const collecting = cryptoflow.writer.transaction(async (/** @type {any} */ manager) => {
      await manager.query(ADD_NOTE, ['rolled back']);
      await delay(holdMs);
      throw failure;
    });
    await delay(holdMs * 0.2);
    await Promise.all([
      addNote('acknowledged'),
      collecting.catch((/** @type {unknown} */ error) => {
        if (error !== failure) throw error;
      }),
    ]);
    const rows = await cryptoflow.reader.query('SELECT body FROM bench_note');
    if (rows.some((/** @type {any} */ { body }) => body === 'rolled back'))
      throw new Error('it was not rolled back');
    return { acknowledged: 1, lost: 1 - rows.length };
  },
});
