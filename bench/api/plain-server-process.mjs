// A bare HTTP server around TypeORM entities: the plain way to serve candles.
import { createServer } from 'node:http';
import { DataSource, MoreThanOrEqual } from 'typeorm';
import { candleEntity } from '../support/candle-entity.mjs';
import { candlesFrom, MINUTE } from '../support/candles.mjs';
import { openCryptoFlow } from '../support/cryptoflow.mjs';
import { atStop, serveTasks } from '../support/tasks.mjs';
import { historyOf } from './addresses.mjs';

/** As Fastify has it. */
const KEEP_ALIVE_MS = 72_000;
const SERIES_ID = 1;
/** Rows of one INSERT. */
const BATCH = 20_000;
const TABLE = `CREATE TABLE candle (series_id integer NOT NULL, open_time bigint NOT NULL, open text NOT NULL,
  high text NOT NULL, low text NOT NULL, close text NOT NULL, volume text NOT NULL, PRIMARY KEY (series_id, open_time))`;
const INSERT = `INSERT INTO candle SELECT ${SERIES_ID}, * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[],
  $5::text[], $6::text[])`;

/**
 * On CryptoFlow's own driver: on the one connection that also writes, as the service does that this one replaces, or on
 * its readers.
 *
 * @param {{ file: string, on: 'writer' | 'reader' }} options
 */
async function sqlite({ file, on }) {
  const entity = candleEntity('sqlite');
  const cryptoflow = await openCryptoFlow(file, { entities: [entity] });
  atStop(() => cryptoflow.close());
  return cryptoflow[on].getRepository(entity);
}

/** On PostgreSQL, which is given the same candles first. @param {{ databaseUrl: string, rows: number }} options */
async function postgres({ databaseUrl, rows }) {
  const entity = candleEntity('postgres');
  const source = await new DataSource({
    type: 'postgres',
    url: databaseUrl,
    entities: [entity],
  }).initialize();
  atStop(() => source.destroy());
  await source.query(TABLE);
  const { from } = historyOf(rows);
  for (let done = 0; done < rows; done += BATCH) {
    const candles = candlesFrom(SERIES_ID, from + done * MINUTE, Math.min(BATCH, rows - done));
    const columns = ['openTime', 'open', 'high', 'low', 'close', 'volume'];
    await source.query(
      INSERT,
      columns.map((column) => candles.map((candle) => candle[column])),
    );
  }
  await source.query('VACUUM ANALYZE candle');
  return source.getRepository(entity);
}

const ENGINES = { sqlite, postgres };

/** @type {any} */
let repository;

/** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
async function answer(request, response) {
  const { searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const from = Number(searchParams.get('from'));
  try {
    const found = await repository.find({
      where: { seriesId: SERIES_ID, openTime: MoreThanOrEqual(from) },
      order: { openTime: 'ASC' },
      take: Number(searchParams.get('limit')),
    });
    const body = JSON.stringify(found);
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.setHeader('content-length', Buffer.byteLength(body));
    response.end(body);
  } catch (error) {
    console.error(error);
    response.writeHead(500).end();
  }
}

serveTasks({
  /** @returns where it listens */
  async start({ engine, ...options }) {
    repository = await ENGINES[/** @type {keyof typeof ENGINES} */ (engine)](options);
    const server = createServer((request, response) => void answer(request, response));
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    return `http://127.0.0.1:${port}`;
  },
});
