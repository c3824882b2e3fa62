import { describe, expect, it } from 'vitest';
import type { EntityManager } from 'typeorm';
import { openTestDatabase } from '../../support/database.js';
import { INSERT, Note, noteIds, WITH_NOTES } from '../../support/fixtures/notes.js';
import { gate, until } from '../../support/fixtures/until.js';

class Undo extends Error {}

const undo = () => {
  throw new Undo();
};

describe('concurrent transactions of the writer', () => {
  it('keep the rows of the one that commits and lose those of the one that rolls back', async () => {
    const { writer, reader } = await openTestDatabase(WITH_NOTES);

    const results = await Promise.allSettled([
      writer.transaction(async (manager) => {
        await manager.query(INSERT, [1]);
        await manager.query(INSERT, [2]);
        undo();
      }),
      writer.transaction(async (manager) => {
        await manager.query(INSERT, [3]);
        await manager.query(INSERT, [4]);
      }),
    ]);

    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(await noteIds(reader)).toEqual([3, 4]);
  });

  it('keep a transaction that was asked for while another, which then rolls back, was open', async () => {
    const { writer, reader, database } = await openTestDatabase(WITH_NOTES);
    const inserted = gate();
    const failing = writer.transaction(async (manager) => {
      await manager.query(INSERT, [1]);
      inserted.open();
      await until(() => database.queue.status.depth.live === 1);
      undo();
    });
    await inserted.opened;
    const other = writer.transaction((manager) => manager.query(INSERT, [2]));

    await expect(failing).rejects.toThrow(Undo);
    await other;
    expect(await noteIds(reader)).toEqual([2]);
  });

  it('show the reader nothing before COMMIT', async () => {
    const { writer, reader } = await openTestDatabase(WITH_NOTES);
    await writer.transaction(async (manager) => {
      await manager.query(INSERT, [1]);
      expect(await noteIds(manager)).toEqual([1]);
      expect(await noteIds(reader)).toEqual([]);
    });
    expect(await noteIds(reader)).toEqual([1]);
  });

  it('lose no row of many, whoever fails', async () => {
    const { writer, reader } = await openTestDatabase(WITH_NOTES);
    const ids = Array.from({ length: 60 }, (_, id) => id);
    await Promise.allSettled(
      ids.map((id) =>
        writer.transaction(async (manager) => {
          await manager.query(INSERT, [id]);
          if (id % 3 === 0) undo();
        }),
      ),
    );
    expect(await noteIds(reader)).toEqual(ids.filter((id) => id % 3 !== 0));
  });
});

describe('an insert while somebody else’s transaction is open, which then rolls back', () => {
  const inserts = {
    'by writer.query': ({ writer }: Database) => writer.query(INSERT, [2]),
    'by a repository': ({ writer }: Database) => writer.getRepository(Note).save({ id: 2, text: 'text' }),
    'by a query builder': ({ writer }: Database) =>
      writer.createQueryBuilder().insert().into(Note).values({ id: 2, text: 'text' }).execute(),
  };
  type Database = Awaited<ReturnType<typeof openTestDatabase>>;

  it.each(Object.entries(inserts))('survives %s', async (_, insert) => {
    const database = await openTestDatabase(WITH_NOTES);
    const inserted = gate();
    const failing = database.writer.transaction(async (manager) => {
      await manager.query(INSERT, [1]);
      inserted.open();
      await until(() => database.database.queue.status.depth.live === 1);
      undo();
    });
    await inserted.opened;
    const insertion = insert(database);

    await expect(failing).rejects.toThrow(Undo);
    await insertion;
    expect(await noteIds(database.reader)).toEqual([2]);
  });
});

describe('nested transactions', () => {
  it('keep the outer rows when the inner one rolls back', async () => {
    const { writer, reader } = await openTestDatabase(WITH_NOTES);
    await writer.transaction(async (outer) => {
      await outer.query(INSERT, [1]);
      const inner = outer.transaction(async (manager) => {
        await manager.query(INSERT, [2]);
        undo();
      });
      await expect(inner).rejects.toThrow(Undo);
      await outer.query(INSERT, [3]);
    });
    expect(await noteIds(reader)).toEqual([1, 3]);
  });

  it('lose the rows of the inner one, committed, when the outer one rolls back', async () => {
    const { writer, reader } = await openTestDatabase(WITH_NOTES);
    const outer = writer.transaction(async (manager) => {
      await manager.query(INSERT, [1]);
      await manager.transaction((inner) => inner.query(INSERT, [2]));
      expect(await noteIds(manager)).toEqual([1, 2]);
      undo();
    });
    await expect(outer).rejects.toThrow(Undo);
    expect(await noteIds(reader)).toEqual([]);
  });

  it('go on in the same transaction after a statement that broke a constraint', async () => {
    const { writer, reader } = await openTestDatabase(WITH_NOTES);
    await writer.transaction(async (manager) => {
      await manager.query(INSERT, [1]);
      await expect(manager.query(INSERT, [1])).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT' });
      await manager.query(INSERT, [2]);
    });
    expect(await noteIds(reader)).toEqual([1, 2]);
  });
});

async function insertOneByOne(manager: EntityManager, ids: number[]): Promise<void> {
  for (const id of ids) await manager.query(INSERT, [id]);
}

describe('a transaction whose statements were started together', () => {
  it('commits none of them after the first has failed and it has rolled back', async () => {
    const { writer, reader } = await openTestDatabase(WITH_NOTES);
    await writer.query(INSERT, [1]);
    let straggler: Promise<unknown> = Promise.resolve();
    const failing = writer.transaction(async (manager) => {
      straggler = insertOneByOne(manager, [2, 3, 4, 5, 6]);
      straggler.catch(() => undefined);
      await Promise.all([straggler, manager.query(INSERT, [1])]);
    });

    await expect(failing).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT' });
    await Promise.allSettled([straggler]);
    expect(await noteIds(reader)).toEqual([1]);
  });

  it('commits nothing that was asked for after its COMMIT', async () => {
    const { writer, reader } = await openTestDatabase(WITH_NOTES);
    let straggler: Promise<unknown> = Promise.resolve();
    await writer.transaction(async (manager) => {
      straggler = insertOneByOne(manager, [1, 2]);
      straggler.catch(() => undefined);
    });
    await expect(straggler).rejects.toMatchObject({ code: 'TRANSACTION_ENDED' });
    expect(await noteIds(reader)).toEqual([1]);
  });
});
