import { Inject, Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Config } from '../config/config.js';
import { DatabaseReadiness } from '../database/database-readiness.js';
import { walBytes } from '../database/sqlite/checkpointer.js';
import { READER_PRAGMAS, WRITER_PRAGMAS } from '../database/sqlite/pragmas.js';
import { SqliteDatabase } from '../database/sqlite/sqlite-database.js';

const READ_TIMEOUT_MS = 500;
/** A report may take its time: a busy moment must not make it say that the database is down. */
const REPORT_TIMEOUT_MS = 5000;
const CACHE_MS = 1000;

@Injectable()
export class DatabaseIndicator {
  constructor(
    @Inject(HealthIndicatorService) private readonly indicators: HealthIndicatorService,
    @Inject(DatabaseReadiness) private readonly readiness: DatabaseReadiness,
    @Inject(SqliteDatabase) private readonly database: SqliteDatabase,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** Down until the schema has been seen once. */
  async startup(): Promise<HealthIndicatorResult> {
    return this.indicators.check('database').attempt(() => this.readiness.check());
  }

  /** Down when a reader does not answer within 500 ms; asked at most once a second, however many ask. */
  async ready(): Promise<HealthIndicatorResult> {
    return this.indicators
      .check('database')
      .attempt(() => this.readiness.ping())
      .withTimeout(READ_TIMEOUT_MS)
      .cacheFor(CACHE_MS);
  }

  /** What `ready` says, with the state of the queue, the readers and the WAL. */
  async details(): Promise<HealthIndicatorResult> {
    const { database } = this;
    const { writable } = database.options;
    return this.indicators
      .check('database')
      .attempt(async () => {
        await this.readiness.ping();
        return {
          engine: `SQLite ${database.version}`,
          role: this.config.role,
          walBytes: await walBytes(database.file),
          readers: database.readers.status,
          writeQueue: writable ? database.queue.status : null,
          busy: database.statistics.busy,
          // Asserted when each connection was opened.
          pragmas: { writer: writable ? WRITER_PRAGMAS : null, reader: READER_PRAGMAS },
        };
      })
      .withTimeout(REPORT_TIMEOUT_MS);
  }
}
