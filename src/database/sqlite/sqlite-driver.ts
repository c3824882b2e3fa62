import type { DataSource, QueryRunner } from 'typeorm';
import { AbstractSqliteDriver } from 'typeorm/driver/sqlite-abstract/AbstractSqliteDriver.js';
import type { Clock } from '../../common/clock.js';
import type { LockStatistics } from '../lock-statistics.js';
import type { ConnectionSource } from './connection-source.js';
import { SqliteQueryRunner } from './sqlite-query-runner.js';

/** TypeORM over `sqlite3`, with a connection per QueryRunner out of a `ConnectionSource`. See docs/adr/0001. */
export class SqliteDriver extends AbstractSqliteDriver {
  constructor(
    dataSource: DataSource,
    readonly source: ConnectionSource,
    readonly clock: Clock,
    readonly statistics: LockStatistics,
  ) {
    super(dataSource);
  }

  override connect(): Promise<void> {
    return this.source.open();
  }

  override disconnect(): Promise<void> {
    return this.source.close();
  }

  override createQueryRunner(): QueryRunner {
    return new SqliteQueryRunner(this);
  }
}
