import { DataSource, MoreThanOrEqual } from 'typeorm';
import { candlesFrom, MINUTE, NEWEST } from '../support/candles.mjs';
import { candleEntity } from '../support/candle-entity.mjs';
import { benchSeries, commitPage, openCryptoFlow } from '../support/cryptoflow.mjs';
import { PlainSqlite } from '../support/plain-sqlite.mjs';

const LIMIT = 1000;
const SELECT = `SELECT open_time, open, high, low, close, volume FROM candle
  WHERE series_id = ? AND open_time >= ? ORDER BY open_time LIMIT ${LIMIT}`;
const INSERT = `INSERT INTO candle (series_id, open_time, open, high, low, close, volume) VALUES (?, ?, ?, ?, ?, ?, ?)`;
const POSTGRES_TABLE = `CREATE TABLE candle (series_id integer NOT NULL, open_time bigint NOT NULL, open text NOT NULL,
  high text NOT NULL, low text NOT NULL, close text NOT NULL, volume text NOT NULL, PRIMARY KEY (series_id, open_time))`;

/**
 * A way to answer with 1,000 candles, and to backfill in the same process.
 *
 * @typedef {object} Way
 * @property {(from: number) => Promise<string>} read
 * @property {(page: number) => Promise<void>} store stores one page of 1,000 (the reported way: 4,000)
 * @property {() => Promise<unknown>} close
 */

/** @param {any} rows entities or rows */
const toJson = (rows) => JSON.stringify(rows);

/** The plain way: TypeORM entities, on the connection that also writes. @param {{ file: string }} options @returns {Promise<Way>} */
async function entities({ file }) {
  const entity = candleEntity('sqlite');
  const cryptoflow = await openCryptoFlow(file, { entities: [entity] });
  const repository = cryptoflow.writer.getRepository(entity);
  return {
    read: async (from) => toJson(await findCandles(repository, from)),
    ...(await committing(cryptoflow)),
  };
}

/** Rows without entities on a reader, put into the service's own format. @param {{ file: string }} options @returns {Promise<Way>} */
async function rows({ file }) {
  const cryptoflow = await openCryptoFlow(file);
  return {
    async read(from) {
      const found = await cryptoflow.reader.query(SELECT, [1, from]);
      const candles = found.map(
        (/** @type {any} */ { open_time, open, high, low, close, volume }) =>
          `[${open_time},${open},${high},${low},${close},${volume}]`,
      );
      const next = found.at(-1).open_time + MINUTE;
      return `{"exchange":"bench","symbol":"BTC/USDT","interval":"1m","candles":[${candles}],"next":${next}}`;
    },
    ...(await committing(cryptoflow)),
  };
}

/** The reported way: one plain connection for all, rows inserted one by one. @param {{ file: string }} options @returns {Promise<Way>} */
async function reported({ file }) {
  const sqlite = await PlainSqlite.open(file, { busyTimeout: 2000, autocheckpoint: 1000 });
  return {
    read: async (from) => toJson(await sqlite.all(SELECT, [1, from])),
    async store(page) {
      await sqlite.all('BEGIN');
      const insert = await sqlite.prepare(INSERT);
      for (const candle of candlesFrom(2, NEWEST - page * 4000 * MINUTE, 4000)) {
        await insert.run([2, ...Object.values(candle)]);
      }
      await insert.end();
      await sqlite.all('COMMIT');
    },
    close: () => sqlite.close(),
  };
}

/** The plain way on PostgreSQL. @param {{ url: string, seedRows: number }} options @returns {Promise<Way>} */
async function postgres({ url, seedRows }) {
  const entity = candleEntity('postgres');
  const source = await new DataSource({ type: 'postgres', url, entities: [entity] }).initialize();
  await source.query(POSTGRES_TABLE);
  const repository = source.getRepository(entity);
  const store = async (/** @type {number} */ seriesId, /** @type {number} */ page) => {
    const candles = candlesFrom(seriesId, NEWEST - page * LIMIT * MINUTE, LIMIT);
    await repository.upsert(
      candles.map((candle) => ({ seriesId, ...candle })),
      ['seriesId', 'openTime'],
    );
  };
  for (let page = 1; page * LIMIT <= seedRows; page += 1) await store(1, page);
  await source.query('VACUUM ANALYZE candle');
  return {
    read: async (from) => toJson(await findCandles(repository, from)),
    store: (page) => store(2, page),
    close: () => source.destroy(),
  };
}

export const WAYS = { entities, rows, reported, postgres };

/** @param {any} repository @param {number} from */
function findCandles(repository, from) {
  return repository.find({
    where: { seriesId: 1, openTime: MoreThanOrEqual(from) },
    order: { openTime: 'ASC' },
    take: LIMIT,
  });
}

/** Backfill by CryptoFlow's own commit path. @param {import('../support/cryptoflow.mjs').CryptoFlow} cryptoflow */
async function committing(cryptoflow) {
  const [, series] = await benchSeries(cryptoflow, 2);
  const lease = await cryptoflow.locks.acquire(`series:${series.id}`);
  return {
    store: (/** @type {number} */ page) =>
      commitPage(cryptoflow, { lease, series, from: NEWEST - page * LIMIT * MINUTE, rows: LIMIT }),
    close: () => cryptoflow.close(),
  };
}
