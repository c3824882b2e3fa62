import type { Logger } from 'typeorm';
import type { Log } from '../logging/log.js';

/**
 * What TypeORM has to say, in our log and not on standard output. Failed queries are not repeated here: they are thrown
 * as well. The values bound to a statement are never logged.
 */
export class TypeOrmLog implements Logger {
  constructor(private readonly target: Log) {}

  logQuery(): void {}

  logQueryError(): void {}

  logQuerySlow(time: number, query: string): void {
    this.target.warn('database.query.slow', { time, query });
  }

  logSchemaBuild(message: string): void {
    this.target.debug('database.schema', { message });
  }

  logMigration(message: string): void {
    this.target.warn('database.migration', { message });
  }

  log(level: 'log' | 'info' | 'warn', message: unknown): void {
    this.target[level === 'warn' ? 'warn' : 'debug']('database.typeorm', { message });
  }
}
