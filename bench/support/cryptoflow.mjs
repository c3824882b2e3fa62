import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { CandleStore } from '../../dist/candles/candle-store.js';
import { CandleReader } from '../../dist/candles/candle-reader.js';
import { CandleReadingModule, CandleWritingModule } from '../../dist/candles/candles.module.js';
import { Clock, SystemClock } from '../../dist/common/clock.js';
import { Lifecycle } from '../../dist/common/lifecycle.js';
import { Config } from '../../dist/config/config.js';
import { DatabaseModule } from '../../dist/database/database.module.js';
import { LockStatistics } from '../../dist/database/lock-statistics.js';
import { LockService } from '../../dist/locks/lock.service.js';
import { LocksModule } from '../../dist/locks/locks.module.js';
import { Log } from '../../dist/logging/log.js';
import { READER, WRITER } from '../../dist/database/names.js';
import { MINUTE, candlesFrom } from './candles.mjs';

const SYMBOLS = ['BTC', 'ETH', 'SOL', 'DOGE', 'ADA', 'XRP', 'LTC', 'DOT'];
export const EXCHANGE = 'bench';

class Foundation {}
class Bench {}

/** Says on standard error what the service would have logged as a warning or an error. */
class BenchLog extends Log {
  debug() {}
  info() {}
  warn(/** @type {string} */ event, /** @type {any} */ fields) {
    console.error(event, fields?.error ?? fields);
  }
  error(/** @type {string} */ event, /** @type {any} */ fields) {
    console.error(event, fields?.error ?? fields);
  }
}

/**
 * The database core as the service composes it (write queue, readers, checkpoints, leases, store), without the server
 * and the collector.
 *
 * @param {string} file
 * @param {{ entities?: any[] }} [options]
 */
export async function openCryptoFlow(file, { entities = [] } = {}) {
  const foundation = {
    module: Foundation,
    global: true,
    providers: [
      { provide: Config, useValue: Config.from({ DATABASE_URL: `sqlite:${file}` }) },
      { provide: Log, useValue: new BenchLog() },
      { provide: Clock, useClass: SystemClock },
      Lifecycle,
    ],
    exports: [Config, Log, Clock, Lifecycle],
  };
  const root = {
    module: Bench,
    imports: [
      foundation,
      DatabaseModule.forRoot({ writable: true }),
      LocksModule,
      CandleWritingModule,
      CandleReadingModule,
      ...[WRITER, READER].map((name) => TypeOrmModule.forFeature(entities, name)),
    ],
  };
  const app = await NestFactory.createApplicationContext(root, { logger: false, abortOnError: false });
  const get = (/** @type {any} */ token) => app.get(token, { strict: false });
  return {
    writer: get(getDataSourceToken(WRITER)),
    reader: get(getDataSourceToken(READER)),
    store: get(CandleStore),
    candles: get(CandleReader),
    locks: get(LockService),
    statistics: get(LockStatistics),
    close: () => app.close(),
  };
}

/** @typedef {Awaited<ReturnType<typeof openCryptoFlow>>} CryptoFlow */

/**
 * Series of the bench, made where they are missing.
 *
 * @param {CryptoFlow} cryptoflow
 * @param {number} [count] at most eight
 * @param {'1m' | '3m'} [interval]
 */
export async function benchSeries({ store }, count = SYMBOLS.length, interval = '1m') {
  const series = [];
  for (const symbol of SYMBOLS.slice(0, count)) {
    series.push(await store.ensureSeries(EXCHANGE, `${symbol}/USDT`, interval));
  }
  return series;
}

/**
 * Commits one page as the collector does: fence, candles, coverage.
 *
 * @param {CryptoFlow} cryptoflow
 * @param {{ lease: any, series: any, from: number, rows: number, lane?: 'live' | 'backfill' }} page
 */
export function commitPage({ store }, { lease, series, from, rows, lane = 'backfill' }) {
  const spans = [{ from, to: from + rows * MINUTE, state: 'have' }];
  return store.commit(lease, { series, candles: candlesFrom(series.id, from, rows), spans }, { lane });
}
