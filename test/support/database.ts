import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { DataSource } from 'typeorm';
import { SystemClock, type Clock } from '../../src/common/clock.js';
import { LockStatistics } from '../../src/database/lock-statistics.js';
import { MIGRATIONS, type MigrationClass } from '../../src/database/migrations/migrations.js';
import { runMigrations } from '../../src/database/migrations/run-migrations.js';
import { SqliteDataSource, sqliteOptions } from '../../src/database/sqlite/sqlite-data-source.js';
import { SqliteDatabase } from '../../src/database/sqlite/sqlite-database.js';
import { temporaryDirectory } from './temporary-directory.js';

export interface TestDatabase {
  readonly file: string;
  readonly database: SqliteDatabase;
  readonly writer: DataSource;
  readonly reader: DataSource;
  readonly statistics: LockStatistics;
}

/** A migrated database with both DataSources, closed when the present test has finished. */
export async function openTestDatabase({
  file = join(temporaryDirectory(), 'test.db'),
  clock = new SystemClock(),
  migrations = MIGRATIONS,
  entities = [] as Function[],
}: {
  file?: string;
  clock?: Clock;
  migrations?: readonly MigrationClass[];
  entities?: Function[];
} = {}): Promise<TestDatabase> {
  const statistics = new LockStatistics(clock);
  const names = migrations.map(({ name }) => name);
  const database = new SqliteDatabase(
    { file, readers: 4, writable: true, migrations: names },
    clock,
    statistics,
  );
  const backend = { clock, statistics };
  const common = { migrations: [...migrations], entities };
  const writer = await new SqliteDataSource({
    ...sqliteOptions(file, {
      ...backend,
      source: database.queue,
      prepare: async (source) => void (await runMigrations(source)),
    }),
    ...common,
  }).initialize();
  const reader = await new SqliteDataSource({
    ...sqliteOptions(file, { ...backend, source: database.readers }),
    ...common,
  }).initialize();
  onTestFinished(async () => {
    if (reader.isInitialized) await reader.destroy();
    if (writer.isInitialized) await writer.destroy();
  });
  return { file, database, writer, reader, statistics };
}
