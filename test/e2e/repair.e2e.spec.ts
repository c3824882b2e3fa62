import { expect, it } from 'vitest';
import { SqliteConnection } from '../../src/database/sqlite/sqlite-connection.js';
import { atEnd } from '../support/at-end.js';
import { BinanceServer } from '../support/binance-server.js';
import { generateCandles } from '../support/candle-files.js';
import { readMetrics } from '../support/metrics.js';
import { backfilled, expectSameCandles, MINUTE, queryFile, readAllPages } from '../support/service-data.js';
import { ServiceProcess } from '../support/service-process.js';

const COUNT = 1500;
const SYMBOL = 'BTC/USDT';

it('a restart repairs at once what is due, and completeness says so', async () => {
  const end = Math.floor(Date.now() / MINUTE) * MINUTE;
  const candles = generateCandles({ from: end - COUNT * MINUTE, count: COUNT });
  // Some single ones, and one stretch.
  const isHole = (index: number) => index % 100 === 50 || (index >= 700 && index < 720);
  const holey = candles.filter((_, index) => !isHole(index));
  const server = await BinanceServer.start({ markets: [{ symbol: SYMBOL, candles: holey }] });
  atEnd(() => server.close());
  const environment = {
    CRYPTOFLOW_MARKETS: `binance:${SYMBOL}@1m`,
    CRYPTOFLOW_BACKFILL: new Date(end - COUNT * MINUTE).toISOString(),
    CRYPTOFLOW_EXCHANGES: server.urls(),
  };
  const first = await ServiceProcess.start({ environment });
  await backfilled(first, { [SYMBOL]: holey.length });
  const before = (await first.get('/api/v1/series/1')).body;
  expect(before.gaps).toBeGreaterThanOrEqual(16);
  expect(before.completeness).toBeLessThan(1);
  expect(before.completeness).toBeCloseTo(before.count / (before.count + before.missing), 12);
  await first.stop('SIGINT');

  // As if it had been asked for long ago.
  const connection = await SqliteConnection.open(first.database, 'rw');
  await connection.all('UPDATE coverage SET asked_at = 0');
  await connection.close();
  server.setMarket({ symbol: SYMBOL, candles });
  const again = await ServiceProcess.start({ environment, directory: first.directory });
  await again.poll('/api/v1/series/1', ({ body }) => body.count === COUNT, 'the holes to be filled');
  const query = { exchange: 'binance', symbol: SYMBOL, interval: '1m', from: end - COUNT * MINUTE };
  expectSameCandles((await readAllPages(again, { ...query, limit: 1000 })).candles, candles);
  await again.until('the end of the run', async () => {
    const runs = await queryFile(again.database, `SELECT outcome FROM job_run WHERE name = 'repair:1'`);
    return runs.length === 1 && runs[0]!['outcome'] === 'ok';
  });
  const { value } = readMetrics((await again.get('/metrics')).text);
  const labels = { exchange: 'binance', task: 'repair' };
  expect(value('cryptoflow_holes_filled_total', labels)).toBe(COUNT - holey.length);
  // Two windows of a page: as many as the history has pages.
  expect(value('cryptoflow_reread_requests_total', labels)).toBeLessThanOrEqual(2);
  expect(again.complaints).toEqual([]);
}, 90_000);
