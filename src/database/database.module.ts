import {
  Inject,
  Injectable,
  Module,
  Optional,
  type DynamicModule,
  type Provider,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { Config } from '../config/config.js';
import { Log } from '../logging/log.js';
import { DatabaseReadiness } from './database-readiness.js';
import { LockStatistics } from './lock-statistics.js';
import { MIGRATIONS, type MigrationClass } from './migrations/migrations.js';
import { runMigrations } from './migrations/run-migrations.js';
import { WriterOnDemand } from './writer-on-demand.js';
import { TypeOrmLog } from './typeorm-log.js';
import { READER, WRITER } from './names.js';
import { Checkpointer } from './sqlite/checkpointer.js';
import { DataVersion } from './sqlite/data-version.js';
import { ReaderWatch } from './sqlite/reader-watch.js';
import { SqliteDataSource, sqliteOptions } from './sqlite/sqlite-data-source.js';
import { SqliteDatabase } from './sqlite/sqlite-database.js';

export interface DatabaseModuleOptions {
  /** Whether this process writes. Without it there is no DataSource `writer`. */
  readonly writable: boolean;
  /** Migrations of an extension, run after ours. Their names must not begin with `CryptoFlow`. */
  readonly migrations?: readonly MigrationClass[];
}

/** Runs what keeps the database in shape, for as long as the application lives. */
@Injectable()
class Upkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(ReaderWatch) private readonly readers: ReaderWatch,
    @Inject(SqliteDatabase) private readonly database: SqliteDatabase,
    @Inject(Log) private readonly log: Log,
    @Inject(WriterOnDemand) private readonly writer: WriterOnDemand,
    @Optional() @Inject(Checkpointer) private readonly checkpointer?: Checkpointer,
  ) {}

  onApplicationBootstrap(): void {
    this.database.health.observe(({ state, code }) => {
      this.log[state === 'ok' ? 'info' : 'error']('database.writer.state', { state, code });
    });
    this.readers.start();
    this.checkpointer?.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.readers.stop();
    await this.writer.close();
    await this.checkpointer?.stop();
  }
}

/**
 * The database: two DataSources by name, `@InjectDataSource('writer')` and `('reader')`, and their repositories,
 * `@InjectRepository(Entity, 'writer')`. `Config`, `Clock` and `Log` must be provided globally.
 */
@Module({})
export class DatabaseModule {
  static forRoot({ writable, migrations: extra = [] }: DatabaseModuleOptions): DynamicModule {
    const migrations = [...MIGRATIONS, ...extra];
    const core: DynamicModule = {
      module: DatabaseCoreModule,
      global: true,
      providers: [
        { provide: LockStatistics, inject: [Clock], useFactory: (clock: Clock) => new LockStatistics(clock) },
        {
          provide: SqliteDatabase,
          inject: [Config, Clock, LockStatistics],
          useFactory: ({ database: { file }, readers }: Config, clock: Clock, statistics: LockStatistics) =>
            new SqliteDatabase(
              { file, readers, writable, migrations: migrations.map(recordedName) },
              clock,
              statistics,
            ),
        },
      ],
      exports: [LockStatistics, SqliteDatabase],
    };
    return {
      module: DatabaseModule,
      global: true,
      imports: [
        core,
        ...(writable ? [dataSource(WRITER, migrations)] : []),
        dataSource(READER, migrations, writable),
      ],
      providers: [
        DatabaseReadiness,
        READER_WATCH,
        DATA_VERSION,
        writerOnDemand(writable),
        ...(writable ? [CHECKPOINTER] : []),
        Upkeep,
      ],
      exports: [core, DatabaseReadiness, DataVersion, WriterOnDemand, ...(writable ? [Checkpointer] : [])],
    };
  }
}

const READER_WATCH = {
  provide: ReaderWatch,
  inject: [SqliteDatabase, Clock, Log],
  useFactory: ({ readers }: SqliteDatabase, clock: Clock, log: Log) => new ReaderWatch(readers, clock, log),
};

const DATA_VERSION = {
  provide: DataVersion,
  inject: [SqliteDatabase],
  useFactory: (database: SqliteDatabase) => new DataVersion(() => database.openReader()),
};

const CHECKPOINTER = {
  provide: Checkpointer,
  inject: [SqliteDatabase, getDataSourceToken(WRITER), Clock, Log],
  useFactory: (database: SqliteDatabase, writer: DataSource, clock: Clock, log: Log) =>
    new Checkpointer(database, writer, clock, log),
};

function writerOnDemand(writable: boolean): Provider {
  return {
    provide: WriterOnDemand,
    inject: [SqliteDatabase, DatabaseReadiness, Clock, ...(writable ? [getDataSourceToken(WRITER)] : [])],
    useFactory: (database: SqliteDatabase, readiness: DatabaseReadiness, clock: Clock, writer?: DataSource) =>
      new WriterOnDemand(database, readiness, clock, writer),
  };
}

@Module({})
class DatabaseCoreModule {}

function dataSource(name: string, migrations: readonly MigrationClass[], afterWriter = false): DynamicModule {
  return TypeOrmModule.forRootAsync({
    name,
    // The writer's token makes Nest open the readers after the writer has made the file.
    inject: [SqliteDatabase, Clock, Log, ...(afterWriter ? [getDataSourceToken(WRITER)] : [])],
    useFactory: (database: SqliteDatabase, clock: Clock, log: Log) => ({
      ...sqliteOptions(database.file, {
        source: name === WRITER ? database.queue : database.readers,
        clock,
        statistics: database.statistics,
        ...(name === WRITER && { prepare: (writer: DataSource) => migrate(writer, log) }),
      }),
      migrations: [...migrations],
      autoLoadEntities: true,
      logger: new TypeOrmLog(log),
      toRetry: () => false,
    }),
    dataSourceFactory: (options) => new SqliteDataSource(options!).initialize(),
  });
}

/** The name under which TypeORM records a migration: its own, if it gives itself one, or its class's. */
function recordedName(migration: MigrationClass): string {
  return new migration().name ?? migration.name;
}

async function migrate(writer: DataSource, log: Log): Promise<void> {
  const migrations = await runMigrations(writer);
  if (migrations.length > 0) log.info('database.migrated', { migrations });
}
