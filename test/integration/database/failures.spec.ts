import type { DataSource, EntityManager } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { openTestDatabase } from '../../support/database.js';
import { INSERT, noteIds, WITH_NOTES } from '../../support/fixtures/notes.js';

const FILL = 'INSERT INTO note (id, text) VALUES (?, hex(zeroblob(1000000)))';
const DANGLING_REPLY = 'INSERT INTO reply (id, note_id) VALUES (1, 99)';
const FULL = { code: 'SQLITE_FULL' };
const ABORTED = { code: 'TRANSACTION_ABORTED' };

/** Leaves the file room for a few pages more. The limit belongs to the connection, and goes with it. */
async function fillDisk(writer: Pick<DataSource, 'query'>): Promise<void> {
  const [row] = (await writer.query('PRAGMA page_count')) as Array<{ page_count: number }>;
  await writer.query(`PRAGMA max_page_count = ${row!.page_count + 3}`);
}

/** A transaction begins, hides its rows, rolls them back; another commits. */
async function expectSoundTransactions({ writer, reader }: { writer: DataSource; reader: DataSource }) {
  const before = await noteIds(reader);
  const failing = writer.transaction(async (manager) => {
    await manager.query(INSERT, [101]);
    expect(await noteIds(reader)).toEqual(before);
    throw new Error('undo');
  });
  await expect(failing).rejects.toThrow('undo');
  expect(await noteIds(reader)).toEqual(before);

  await writer.transaction(async (manager) => {
    await manager.query(INSERT, [102]);
    expect(await noteIds(reader)).toEqual(before);
  });
  await writer.query(INSERT, [103]);
  expect(await noteIds(reader)).toEqual([...before, 102, 103]);
}

describe('SQLITE_FULL inside a transaction', () => {
  it('aborts what follows, even when the caller swallows it, and leaves the next transactions sound', async () => {
    const database = await openTestDatabase(WITH_NOTES);
    await database.writer.query(INSERT, [1]);

    const failing = database.writer.transaction(async (manager) => {
      await fillDisk(manager);
      await manager.query(INSERT, [2]);
      await expect(manager.query(FILL, [3])).rejects.toMatchObject(FULL);
      await expect(manager.query(INSERT, [4])).rejects.toMatchObject(ABORTED);
      await expect(noteIds(manager)).rejects.toMatchObject(ABORTED);
    });

    await expect(failing).rejects.toMatchObject(ABORTED);
    expect(await noteIds(database.reader)).toEqual([1]);
    await expectSoundTransactions(database);
  });

  it('surfaces from the transaction as it is, with its cause', async () => {
    const database = await openTestDatabase(WITH_NOTES);
    await fillDisk(database.writer);
    const failing = database.writer.transaction((manager) => manager.query(FILL, [1]));
    await expect(failing).rejects.toMatchObject({ ...FULL, driverError: { code: 'SQLITE_FULL' } });
    await expectSoundTransactions(database);
  });

  it('inside a nested transaction aborts the outer one as well', async () => {
    const database = await openTestDatabase(WITH_NOTES);
    await fillDisk(database.writer);
    const failing = database.writer.transaction(async (outer) => {
      await outer.query(INSERT, [1]);
      await expect(outer.transaction((inner) => inner.query(FILL, [2]))).rejects.toMatchObject(FULL);
      await expect(outer.query(INSERT, [3])).rejects.toMatchObject(ABORTED);
    });
    await expect(failing).rejects.toMatchObject(ABORTED);
    expect(await noteIds(database.reader)).toEqual([]);
    await expectSoundTransactions(database);
  });

  it('commits nothing that follows a nested transaction which could not begin', async () => {
    const database = await openTestDatabase(WITH_NOTES);
    await fillDisk(database.writer);
    const failing = database.writer.transaction(async (outer: EntityManager) => {
      await expect(outer.query(FILL, [1])).rejects.toMatchObject(FULL);
      await expect(outer.transaction((inner) => inner.query(INSERT, [2]))).rejects.toMatchObject(ABORTED);
      await expect(outer.query(INSERT, [3])).rejects.toMatchObject(ABORTED);
    });
    await expect(failing).rejects.toMatchObject(ABORTED);
    expect(await noteIds(database.reader)).toEqual([]);
    await expectSoundTransactions(database);
  });
});

describe('SQLITE_FULL outside a transaction', () => {
  it('fails that statement alone', async () => {
    const database = await openTestDatabase(WITH_NOTES);
    await fillDisk(database.writer);
    await expect(database.writer.query(FILL, [1])).rejects.toMatchObject(FULL);
    await database.writer.query('PRAGMA max_page_count = 1000000');
    await expectSoundTransactions(database);
  });
});

describe('a COMMIT that fails', () => {
  it('commits nothing, and the next transactions are sound', async () => {
    const database = await openTestDatabase(WITH_NOTES);
    const failing = database.writer.transaction(async (manager) => {
      await manager.query(INSERT, [1]);
      await manager.query(DANGLING_REPLY);
    });
    await expect(failing).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT' });
    expect(await noteIds(database.reader)).toEqual([]);
    await expectSoundTransactions(database);
  });

  it('keeps those in the queue behind it', async () => {
    const { writer, reader } = await openTestDatabase(WITH_NOTES);
    const [failed, next] = await Promise.allSettled([
      writer.transaction((manager) => manager.query(DANGLING_REPLY)),
      writer.transaction((manager) => manager.query(INSERT, [1])),
    ]);
    expect([failed.status, next.status]).toEqual(['rejected', 'fulfilled']);
    expect(await noteIds(reader)).toEqual([1]);
  });

  it('of a repository save leaves no half of it', async () => {
    const database = await openTestDatabase(WITH_NOTES);
    await database.writer.query(DANGLING_REPLY).catch(() => undefined);
    await expectSoundTransactions(database);
    expect(await database.reader.query('SELECT count(*) AS n FROM reply')).toEqual([{ n: 0 }]);
  });
});
