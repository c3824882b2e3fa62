import { Inject, Injectable, Optional } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Config } from '../config/config.js';
import { DatabaseReadiness } from '../database/database-readiness.js';
import { Checkpointer, walBytes } from '../database/sqlite/checkpointer.js';
import { lockHolders } from '../database/sqlite/lock-holders.js';
import { READER_PRAGMAS, WRITER_PRAGMAS } from '../database/sqlite/pragmas.js';
import { SqliteDatabase } from '../database/sqlite/sqlite-database.js';

const READ_TIMEOUT_MS = 500;
/** A report may take its time: a busy moment must not make it say that the database is down. */
const REPORT_TIMEOUT_MS = 5000;
const CACHE_MS = 1000;
const WAL_DEGRADED_BYTES = 128 * 1024 * 1024;

@Injectable()
export class DatabaseIndicator {
  constructor(
    @Inject(HealthIndicatorService) private readonly indicators: HealthIndicatorService,
    @Inject(DatabaseReadiness) private readonly readiness: DatabaseReadiness,
    @Inject(SqliteDatabase) private readonly database: SqliteDatabase,
    @Inject(Config) private readonly config: Config,
    @Optional() @Inject(Checkpointer) private readonly checkpointer?: Checkpointer,
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

  /** What `ready` says, with the state of the writer, the queue, the readers and the WAL. */
  async details(): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check('database');
    const answer = await indicator.attempt(() => this.readiness.ping()).withTimeout(REPORT_TIMEOUT_MS);
    const { status, ...timing } = answer.database;
    const report = { ...timing, ...(await this.report()) };
    if (status !== 'up') return indicator.down(report);
    return this.impaired() ? indicator.degraded(report) : indicator.up(report);
  }

  /** Reading works, but writing does not, or bulk work waits for a WAL that cannot start over, or that WAL grows on. */
  private impaired(): boolean {
    const { database, checkpointer } = this;
    return (
      database.health.state.state !== 'ok' ||
      database.queue.isPaused ||
      (checkpointer?.wal.bytes ?? 0) > WAL_DEGRADED_BYTES
    );
  }

  private async report(): Promise<Record<string, unknown>> {
    const { database } = this;
    const { writable } = database.options;
    return {
      engine: `SQLite ${database.version}`,
      role: this.config.role,
      writer: writable ? database.health.state : null,
      writeQueue: writable ? database.queue.status : null,
      readers: database.readers.status,
      wal: { fileBytes: await walBytes(database.file), ...this.checkpointer?.wal },
      lockHolders: await lockHolders(database.file),
      busy: database.statistics.busy,
      // Asserted when each connection was opened.
      pragmas: { writer: writable ? WRITER_PRAGMAS : null, reader: READER_PRAGMAS },
    };
  }
}
