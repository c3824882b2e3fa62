import { DataSource, EntityManager, type DataSourceOptions, type QueryRunner } from 'typeorm';
import type { Clock } from '../../common/clock.js';
import type { LockStatistics } from '../lock-statistics.js';
import type { ConnectionSource } from './connection-source.js';
import type { IsolationLevel } from 'typeorm/driver/types/IsolationLevel.js';
import { SqliteDriver } from './sqlite-driver.js';
import { inTransactionScope } from './write-queue.js';

/** What a DataSource needs of its surroundings; it travels in TypeORM's untyped `driver` option. */
export interface SqliteBackend {
  readonly source: ConnectionSource;
  readonly clock: Clock;
  readonly statistics: LockStatistics;
  /** Runs once the DataSource can be used and before anybody gets it: migrations. */
  readonly prepare?: (dataSource: DataSource) => Promise<void>;
}

/** Options of a DataSource on `file`. TypeORM 1.x has no type `sqlite`; entities behave as they do under this one. */
export function sqliteOptions(file: string, backend: SqliteBackend): DataSourceOptions {
  return { type: 'better-sqlite3', database: file, driver: backend };
}

/** A DataSource whose driver is ours. Use `@InjectDataSource('writer')` or `('reader')` to get one. */
export class SqliteDataSource extends DataSource {
  private readonly backend: SqliteBackend;

  constructor(options: DataSourceOptions) {
    super(options);
    this.backend = (options as unknown as { driver: SqliteBackend }).driver;
    const { source, clock, statistics } = this.backend;
    this.driver = new SqliteDriver(this, source, clock, statistics);
  }

  override async initialize(): Promise<this> {
    await super.initialize();
    try {
      await this.backend.prepare?.(this);
      return this;
    } catch (error) {
      await this.destroy();
      throw error;
    }
  }

  override createEntityManager(queryRunner?: QueryRunner): EntityManager {
    return new ScopedEntityManager(this, queryRunner);
  }
}

/** Marks the extent of the outermost transaction, so that asking for the writer inside it fails at once. */
class ScopedEntityManager extends EntityManager {
  override transaction<T>(run: (manager: EntityManager) => Promise<T>): Promise<T>;
  override transaction<T>(level: IsolationLevel, run: (manager: EntityManager) => Promise<T>): Promise<T>;
  override transaction<T>(...given: unknown[]): Promise<T> {
    const begin = () =>
      super.transaction<T>(...(given as [IsolationLevel, (manager: EntityManager) => Promise<T>]));
    const { source } = this.dataSource.driver as SqliteDriver;
    return this.queryRunner || !source.writes ? begin() : inTransactionScope(begin);
  }
}
