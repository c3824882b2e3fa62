import { MigrationExecutor, type DataSource } from 'typeorm';
import { assertNotNewer } from './schema-check.js';

/**
 * Runs the pending migrations of the writer DataSource inside one `BEGIN IMMEDIATE`: processes that start on one file
 * at the same moment do it one after the other, and all but the first find nothing to do.
 *
 * @returns the names of those that were run
 * @throws DatabaseRefusedError `NEWER_SCHEMA`
 */
export async function runMigrations(writer: DataSource): Promise<string[]> {
  const runner = writer.createQueryRunner();
  try {
    const executor = new MigrationExecutor(writer, runner);
    const known = writer.migrations.map((migration) => migration.name ?? migration.constructor.name);
    const check = async () => {
      const executed = (await executor.getExecutedMigrations()).map(({ name }) => name);
      assertNotNewer(String(writer.options.database), executed, known);
      return known.every((name) => executed.includes(name));
    };
    if (await check()) return [];

    await runner.startTransaction();
    try {
      await check();
      const done = await executor.executePendingMigrations();
      await runner.commitTransaction();
      return done.map(({ name }) => name);
    } catch (error) {
      await runner.rollbackTransaction();
      throw error;
    }
  } finally {
    await runner.release();
  }
}
