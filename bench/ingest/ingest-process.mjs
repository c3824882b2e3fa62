// Stores candles in one of the ways that are compared. Every task opens the file, stores, closes, and then answers.
import { backfillPages, candlesFrom, MINUTE, NEWEST } from '../support/candles.mjs';
import { candleEntity } from '../support/candle-entity.mjs';
import { benchSeries, commitPage, openCryptoFlow } from '../support/cryptoflow.mjs';
import { prepareRollups } from '../../dist/candles/sqlite-rollups.js';
import { PlainSqlite } from '../support/plain-sqlite.mjs';
import { median } from '../support/statistics.mjs';
import { memory, serveTasks } from '../support/tasks.mjs';

const INSERT = `INSERT INTO candle (series_id, open_time, open, high, low, close, volume) VALUES (?, ?, ?, ?, ?, ?, ?)`;
/** Pages in the making at once, as with the four default markets. */
const WORKERS = 4;

const SERIES = 8;
/** The store makes rollups of minutes only, and does not look at the grid. */
const NOT_ROLLED_UP = '3m';

/** By the connection of the writer, in all tables. @param {import('../support/cryptoflow.mjs').CryptoFlow} cryptoflow */
async function rowsWritten({ writer }) {
  const [{ changes }] = await writer.query('SELECT total_changes() AS changes');
  return changes;
}

const since = (/** @type {number} */ started) => (performance.now() - started) / 1000;

serveTasks({
  /** Makes the file and the eight series. @returns their ids */
  async prepare({ file }) {
    const cryptoflow = await openCryptoFlow(file);
    const series = await benchSeries(cryptoflow);
    await cryptoflow.close();
    return series.map(({ id }) => id);
  },

  /** The real path. `step`: notes the time whenever that many more are there. */
  async commit({ file, rows, perPage, step = Infinity, rollups = true }) {
    const cryptoflow = await openCryptoFlow(file);
    const series = await benchSeries(cryptoflow, SERIES, rollups ? '1m' : NOT_ROLLED_UP);
    const leases = new Map();
    for (const { id } of series) leases.set(id, await cryptoflow.locks.acquire(`series:${id}`));
    const pages = backfillPages({ seriesIds: series.map(({ id }) => id), rows, perPage });
    const byId = new Map(series.map((one) => [one.id, one]));
    const [marks, latencies] = [/** @type {any[]} */ ([]), /** @type {number[]} */ ([])];
    let done = 0;
    const started = performance.now();
    const work = async () => {
      for (const { seriesId, from } of pages) {
        const asked = performance.now();
        await commitPage(cryptoflow, {
          lease: leases.get(seriesId),
          series: byId.get(seriesId),
          from,
          rows: perPage,
        });
        latencies.push(performance.now() - asked);
        done += perPage;
        if (done >= (marks.length + 1) * step)
          marks.push({ rows: done, seconds: since(started), ...memory() });
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, work));
    const written = await rowsWritten(cryptoflow);
    await cryptoflow.close();
    return { rows: done, seconds: since(started), marks, written, ...memory() };
  },

  /** Minutes as they come live, one commit each. */
  async live({ file, minutes, rollups }) {
    const cryptoflow = await openCryptoFlow(file);
    const [series] = await benchSeries(cryptoflow, 1, rollups ? '1m' : NOT_ROLLED_UP);
    const lease = await cryptoflow.locks.acquire(`series:${series.id}`);
    const latencies = [];
    for (let minute = 0; minute < minutes; minute += 1) {
      const asked = performance.now();
      await commitPage(cryptoflow, { lease, series, from: NEWEST + minute * MINUTE, rows: 1, lane: 'live' });
      latencies.push(performance.now() - asked);
    }
    const written = await rowsWritten(cryptoflow);
    await cryptoflow.close();
    return { rows: minutes, written, latencies };
  },

  /** What the event loop does for the rollups of a page, in milliseconds. */
  async prepareRollups({ rows }) {
    const candles = candlesFrom(1, NEWEST, rows);
    const times = [];
    for (let round = 0; round < 300; round += 1) {
      const started = performance.now();
      await prepareRollups(candles);
      times.push(performance.now() - started);
    }
    return { ms: median(times.slice(100)) };
  },

  /** How long one commit takes when nothing else is going on. */
  async singleCommits({ file, count, perPage, rollups }) {
    const cryptoflow = await openCryptoFlow(file);
    const [series] = await benchSeries(cryptoflow, 1, rollups ? '1m' : NOT_ROLLED_UP);
    const lease = await cryptoflow.locks.acquire(`series:${series.id}`);
    const latencies = [];
    for (const { from } of backfillPages({ seriesIds: [series.id], rows: count * perPage, perPage })) {
      const asked = performance.now();
      await commitPage(cryptoflow, { lease, series, from, rows: perPage });
      latencies.push(performance.now() - asked);
    }
    await cryptoflow.close();
    return latencies;
  },

  /** Prepared inserts, one row after the other, a transaction per page. */
  async rowByRow({ file, rows, perPage, seriesIds }) {
    const sqlite = await PlainSqlite.open(file);
    const latencies = [];
    const started = performance.now();
    for (const { seriesId, from } of backfillPages({ seriesIds, rows, perPage })) {
      const asked = performance.now();
      await sqlite.all('BEGIN');
      const insert = await sqlite.prepare(INSERT);
      for (const candle of candlesFrom(seriesId, from, perPage)) {
        await insert.run([seriesId, ...Object.values(candle)]);
      }
      await insert.end();
      await sqlite.all('COMMIT');
      latencies.push(performance.now() - asked);
    }
    await sqlite.close();
    return { rows, seconds: since(started), latencies, ...memory() };
  },

  /** TypeORM's `repository.upsert` on the same driver. */
  async upsert({ file, rows, perPage, seriesIds }) {
    const entity = candleEntity('sqlite');
    const cryptoflow = await openCryptoFlow(file, { entities: [entity] });
    const repository = cryptoflow.writer.getRepository(entity);
    const started = performance.now();
    for (const { seriesId, from } of backfillPages({ seriesIds, rows, perPage })) {
      const entities = candlesFrom(seriesId, from, perPage).map((candle) => ({ seriesId, ...candle }));
      await repository.upsert(entities, ['seriesId', 'openTime']);
    }
    await cryptoflow.close();
    return { rows, seconds: since(started), ...memory() };
  },
});
