import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SystemClock } from '../../../src/common/clock.js';
import { LockStatistics } from '../../../src/database/lock-statistics.js';
import { MIGRATIONS } from '../../../src/database/migrations/migrations.js';
import { SqliteConnection } from '../../../src/database/sqlite/sqlite-connection.js';
import { SqliteDatabase } from '../../../src/database/sqlite/sqlite-database.js';
import { openTestDatabase } from '../../support/database.js';
import { openHandles } from '../../support/fixtures/open-handles.js';
import { INSERT, Note, noteIds, WITH_NOTES } from '../../support/fixtures/notes.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { until } from '../../support/fixtures/until.js';

const READONLY = { code: 'SQLITE_READONLY' };
const NOT_READY = { code: 'DATABASE_NOT_READY' };

function readersOf(file: string): SqliteDatabase {
  const clock = new SystemClock();
  const migrations = MIGRATIONS.map(({ name }) => name);
  return new SqliteDatabase(
    { file, readers: 1, writable: false, migrations },
    clock,
    new LockStatistics(clock),
  );
}

describe('the reader', () => {
  it.each([
    INSERT.replace('?', '2'),
    `UPDATE note SET text = 'new'`,
    'DELETE FROM note',
    'CREATE TABLE other (id INTEGER)',
    'PRAGMA user_version = 7',
    `WITH n (id) AS (VALUES (2)) INSERT INTO note (id, text) SELECT id, '' FROM n RETURNING id`,
  ])('refuses to write: %s', async (sql) => {
    const { writer, reader } = await openTestDatabase(WITH_NOTES);
    await writer.query(INSERT, [1]);
    await expect(reader.query(sql)).rejects.toMatchObject(READONLY);
    await expect(reader.transaction((manager) => manager.query(sql))).rejects.toMatchObject(READONLY);
    expect(await writer.query('SELECT * FROM note')).toEqual([{ id: 1, text: 'text' }]);
  });

  it('refuses to write through a repository, and through a connection told not to be query_only', async () => {
    const { reader, writer } = await openTestDatabase(WITH_NOTES);
    await expect(reader.getRepository(Note).save({ id: 1, text: 'text' })).rejects.toMatchObject(READONLY);
    const runner = reader.createQueryRunner();
    await runner.query('PRAGMA query_only = 0');
    await expect(runner.query(INSERT, [1])).rejects.toMatchObject(READONLY);
    await runner.release();
    expect(await noteIds(writer)).toEqual([]);
  });

  it('reads on, over and over, after refused writes and failed statements', async () => {
    const { writer, reader } = await openTestDatabase(WITH_NOTES);
    await writer.query(INSERT, [1]);
    for (let round = 0; round < 8; round += 1) {
      await expect(reader.query(INSERT, [2])).rejects.toMatchObject(READONLY);
      await expect(reader.query('SELECT nothing')).rejects.toMatchObject({ code: 'SQLITE_ERROR' });
      expect(await noteIds(reader)).toEqual([1]);
    }
  });

  it('reads while the writer’s transaction is open, even when everybody reads at once', async () => {
    const { writer, reader, database } = await openTestDatabase(WITH_NOTES);
    await writer.query(INSERT, [1]);
    await writer.transaction(async (manager) => {
      await manager.query(INSERT, [2]);
      const reads = await Promise.all(Array.from({ length: 40 }, () => noteIds(reader)));
      expect(reads).toEqual(Array.from({ length: 40 }, () => [1]));
    });
    expect(database.readers.status).toEqual({ size: 4, busy: 0, waiting: 0 });
  });

  it('uses its connections over and over, and leaves none open', async () => {
    const { reader, writer, file } = await openTestDatabase(WITH_NOTES);
    const read = () => Promise.all(Array.from({ length: 8 }, () => noteIds(reader)));
    await read();
    const handles = openHandles(file).length;
    for (let round = 0; round < 5; round += 1) await read();
    expect(openHandles(file)).toHaveLength(handles);
    await reader.destroy();
    await writer.destroy();
    expect(openHandles(file)).toEqual([]);
  });

  it('lends at most its number of connections, first come first served, and closes when they are back', async () => {
    const { reader, database } = await openTestDatabase(WITH_NOTES);
    const runners = Array.from({ length: 6 }, () => reader.createQueryRunner());
    const connected: number[] = [];
    const connecting = runners.map((runner, index) => runner.connect().then(() => connected.push(index)));
    await until(() => connected.length === 4 && database.readers.status.waiting === 2);
    expect(database.readers.status).toEqual({ size: 4, busy: 4, waiting: 2 });

    await runners[0]!.release();
    await until(() => connected.length === 5);
    expect(connected.at(-1)).toBe(4);
    const refused = expect(connecting[5]).rejects.toMatchObject({ code: 'DATABASE_CLOSED' });
    const destroyed = reader.destroy();
    await refused;
    await Promise.all(runners.slice(1).map((runner) => runner.release()));
    await destroyed;
    expect(database.readers.status.busy).toBe(0);
  });
});

describe('a reader without a database', () => {
  it('neither makes the file nor its directory, says which file, and finds it once it is there', async () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'below', 'absent.db');
    const { readers } = readersOf(file);
    const refusal = { ...NOT_READY, message: expect.stringContaining(file) };
    await expect(readers.acquire()).rejects.toMatchObject(refusal);
    expect(existsSync(join(directory, 'below'))).toBe(false);

    const { writer } = await openTestDatabase({ file });
    await writer.query('SELECT 1');
    const loan = await readers.acquire();
    expect(await loan.connection.all('SELECT count(*) AS n FROM series')).toEqual([{ n: 0 }]);
    await loan.release();
    await readers.close();
  });

  it('waits for the schema: an empty file, one in another journal mode, one without our tables', async () => {
    const file = join(temporaryDirectory(), 'young.db');
    const { readers } = readersOf(file);
    const refusal = { ...NOT_READY, message: expect.stringContaining(file) };
    const connection = await SqliteConnection.open(file, 'rwc');
    try {
      await connection.run('PRAGMA user_version = 1');
      await expect(readers.acquire()).rejects.toMatchObject(refusal);
      await connection.all('PRAGMA journal_mode = wal');
      await expect(readers.acquire()).rejects.toMatchObject(refusal);
      await connection.run('CREATE TABLE migrations (id INTEGER, timestamp INTEGER, name TEXT)');
      await expect(readers.acquire()).rejects.toMatchObject(refusal);
      const insert = 'INSERT INTO migrations SELECT 1, 1, value FROM json_each(?)';
      const names = MIGRATIONS.map(({ name }) => name);
      await connection.run(insert, [JSON.stringify(names.slice(1))]);
      await expect(readers.acquire()).rejects.toMatchObject(refusal);
      await connection.run(insert, [JSON.stringify(names)]);
      await (await readers.acquire()).release();
    } finally {
      await readers.close();
      await connection.close();
    }
  });
});
