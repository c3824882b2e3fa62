import { describe, expect, it } from 'vitest';
import { openTestDatabase } from '../../support/database.js';
import { INSERT, Note, noteIds, WITH_NOTES } from '../../support/fixtures/notes.js';
import { gate } from '../../support/fixtures/until.js';

const REENTERED = { code: 'WRITER_REENTERED' };

describe('the writer inside a writer transaction fails at once', () => {
  const uses = {
    'another transaction': ({ writer }: Database) => writer.transaction(async () => undefined),
    'a query of the DataSource': ({ writer }: Database) => writer.query(INSERT, [2]),
    'a save of its root repository': ({ writer }: Database) =>
      writer.getRepository(Note).save({ id: 2, text: 'text' }),
    'a find of its root repository': ({ writer }: Database) => writer.getRepository(Note).find(),
    'a QueryRunner of its own': async ({ writer }: Database) => {
      const runner = writer.createQueryRunner();
      try {
        await runner.startTransaction();
      } finally {
        await runner.release();
      }
    },
  };
  type Database = Awaited<ReturnType<typeof openTestDatabase>>;

  it.each(Object.entries(uses))('%s', async (_, use) => {
    const database = await openTestDatabase(WITH_NOTES);
    await database.writer.transaction(async (manager) => {
      await manager.query(INSERT, [1]);
      await expect(use(database)).rejects.toMatchObject(REENTERED);
      await expect(manager.transaction(() => use(database))).rejects.toMatchObject(REENTERED);
    });
    expect(await noteIds(database.reader)).toEqual([1]);
    expect(database.database.queue.status.depth.live).toBe(0);
  });
});

describe('the writer is not re-entered', () => {
  it('by independent transactions that one function starts together', async () => {
    const { writer, reader } = await openTestDatabase(WITH_NOTES);
    await Promise.all([
      ...[1, 2, 3].map((id) => writer.transaction((manager) => manager.query(INSERT, [id]))),
      writer.query(INSERT, [4]),
      writer.getRepository(Note).save({ id: 5, text: 'text' }),
    ]);
    expect(await noteIds(reader)).toEqual([1, 2, 3, 4, 5]);
  });

  it('by transactions that take turns after one another', async () => {
    const { writer, reader } = await openTestDatabase(WITH_NOTES);
    for (const id of [1, 2]) await writer.transaction((manager) => manager.query(INSERT, [id]));
    await writer.query(INSERT, [3]);
    expect(await noteIds(reader)).toEqual([1, 2, 3]);
  });

  it.each(['commits', 'rolls back'])(
    'by work begun inside a transaction that asks after it %s',
    async (end) => {
      const { writer, reader } = await openTestDatabase(WITH_NOTES);
      const { opened, open } = gate();
      let later: Promise<unknown> = Promise.resolve();
      const transaction = writer.transaction(async () => {
        later = opened.then(async () => {
          await writer.query(INSERT, [1]);
          await writer.transaction((manager) => manager.query(INSERT, [2]));
        });
        if (end === 'rolls back') throw new Error('undo');
      });
      await transaction.catch(() => undefined);
      open();
      await later;
      expect(await noteIds(reader)).toEqual([1, 2]);
    },
  );

  it('by a query of the reader inside a writer transaction, or of the writer inside one of the reader', async () => {
    const { writer, reader } = await openTestDatabase(WITH_NOTES);
    await writer.transaction(async (manager) => {
      await manager.query(INSERT, [1]);
      expect(await noteIds(reader)).toEqual([]);
    });
    await reader.transaction(async (manager) => {
      expect(await noteIds(manager)).toEqual([1]);
      await writer.query(INSERT, [2]);
      expect(await noteIds(manager)).toEqual([1]); // its snapshot
    });
    expect(await noteIds(reader)).toEqual([1, 2]);
  });
});
