// The service's own modules, put together by Nest as the service does, without the collector: what a worker commits
// goes through the write queue, the lease and the candle store that the product has.
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getDataSourceToken } from '@nestjs/typeorm';
import { CandleStore } from '../../../dist/candles/candle-store.js';
import { CandleWritingModule } from '../../../dist/candles/candles.module.js';
import { Clock, SystemClock } from '../../../dist/common/clock.js';
import { Config } from '../../../dist/config/config.js';
import { DatabaseModule } from '../../../dist/database/database.module.js';
import { LockStatistics } from '../../../dist/database/lock-statistics.js';
import { READER, WRITER } from '../../../dist/database/names.js';
import { LockService } from '../../../dist/locks/lock.service.js';
import { LocksModule } from '../../../dist/locks/locks.module.js';
import { Log } from '../../../dist/logging/log.js';

/** Every commit of a worker is a row here, written in the same transaction. */
export class FaultJournal1900000000000 {
  async up(runner) {
    await runner.query(`CREATE TABLE fault_journal (
      position INTEGER PRIMARY KEY AUTOINCREMENT,
      lease TEXT NOT NULL,
      fence INTEGER NOT NULL,
      holder TEXT NOT NULL,
      batch INTEGER NOT NULL,
      series_id INTEGER,
      from_time INTEGER,
      to_time INTEGER,
      candles INTEGER,
      job TEXT,
      slot INTEGER
    ) STRICT`);
  }

  async down(runner) {
    await runner.query('DROP TABLE fault_journal');
  }
}

const ADD = `INSERT INTO fault_journal
  (lease, fence, holder, batch, series_id, from_time, to_time, candles, job, slot)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** Writes down a commit, in its transaction. */
export async function journal(manager, lease, batch, { series, from, to, candles, job, slot } = {}) {
  const values = [series, from, to, candles, job, slot].map((value) => value ?? null);
  await manager.query(ADD, [lease.name, lease.fence, lease.holder, batch, ...values]);
}

/** Tells the test, on a line of its own. A pipe is written to synchronously: what was told arrives even if we are killed. */
export function report(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Warnings and errors are the test's business; the rest is noise. */
class ReportingLog extends Log {
  debug() {}

  info() {}

  warn(event, fields) {
    this.complain('warn', event, fields);
  }

  error(event, fields) {
    this.complain('error', event, fields);
  }

  complain(level, event, { error, ...fields } = {}) {
    report({
      complaint: { level, event, ...fields, ...(error && { error: `${error.code}: ${error.message}` }) },
    });
  }
}

/** Starts the modules over the database and the lease's life that the environment names. */
export async function compose({ imports = [], file }) {
  const config = Config.from({ ...process.env, DATABASE_URL: `sqlite:${file}` });
  const log = new ReportingLog();
  class Foundation {}
  Module({
    providers: [
      { provide: Config, useValue: config },
      { provide: Log, useValue: log },
      { provide: Clock, useClass: SystemClock },
    ],
    exports: [Config, Log, Clock],
  })(Foundation);
  class Worker {}
  Module({
    imports: [
      { module: Foundation, global: true },
      DatabaseModule.forRoot({ writable: true, migrations: [FaultJournal1900000000000] }),
      LocksModule,
      CandleWritingModule,
      ...imports,
    ],
  })(Worker);
  const app = await NestFactory.createApplicationContext(Worker, { logger: false, abortOnError: false });
  const get = (token) => app.get(token, { strict: false });
  return {
    app,
    get,
    locks: get(LockService),
    store: get(CandleStore),
    clock: get(Clock),
    statistics: get(LockStatistics),
    reader: get(getDataSourceToken(READER)),
    writer: get(getDataSourceToken(WRITER)),
  };
}
