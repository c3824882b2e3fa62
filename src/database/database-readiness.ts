import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { errorCode, errorMessage } from '../common/errors.js';
import { Log } from '../logging/log.js';
import { READER } from './names.js';

const POLL_MS = 250;
const REMIND_MS = 10_000;

/** Whether the database can be read: its file is there, and its schema is the program's. */
@Injectable()
export class DatabaseReadiness {
  private ready = false;

  constructor(
    @InjectDataSource(READER) private readonly reader: DataSource,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {}

  /**
   * Waits until the database can be read; says every 10 s what it waits for. A process that may write has made the
   * database by then; one that only reads waits for another to do so.
   *
   * @returns false when `stop` aborts before that
   * @throws DatabaseRefusedError, for which waiting does not help
   */
  async wait(stop: AbortSignal): Promise<boolean> {
    let nextReminder = -Infinity;
    while (!stop.aborted) {
      try {
        await this.check();
        return true;
      } catch (error) {
        if (stop.aborted) break;
        if (errorCode(error) !== 'DATABASE_NOT_READY') throw error;
        const now = this.clock.monotonic();
        if (now >= nextReminder) {
          this.log.warn('database.waiting', { reason: errorMessage(error) });
          nextReminder = now + REMIND_MS;
        }
        await this.clock.sleep(POLL_MS, stop).catch(() => undefined);
      }
    }
    return false;
  }

  /** @throws DatabaseNotReadyError | DatabaseRefusedError until it has succeeded once */
  async check(): Promise<void> {
    if (this.ready) return;
    await this.ping();
    this.ready = true;
  }

  /** One query on a reader connection. */
  async ping(): Promise<void> {
    await this.reader.query('SELECT 1');
  }
}
