import { QueryRunnerAlreadyReleasedError, type QueryRunner } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { openTestDatabase } from '../../support/database.js';
import { INSERT, noteIds, WITH_NOTES } from '../../support/fixtures/notes.js';
import { until } from '../../support/fixtures/until.js';

const FILL = 'INSERT INTO note (id, text) VALUES (?, hex(zeroblob(1000000)))';

/** As in `fillDisk` of failures.spec.ts, and at once: the transaction is aborted afterwards. */
async function abort(runner: QueryRunner): Promise<void> {
  await runner.query('PRAGMA max_page_count = 1');
  await expect(runner.query(FILL, [99])).rejects.toMatchObject({ code: 'SQLITE_FULL' });
}

describe('a manual QueryRunner', () => {
  it('released in mid-transaction is rolled back', async () => {
    const { writer, reader } = await openTestDatabase(WITH_NOTES);
    const runner = writer.createQueryRunner();
    await runner.startTransaction();
    await runner.query(INSERT, [1]);
    await runner.release();

    await writer.query(INSERT, [2]);
    expect(await noteIds(writer)).toEqual([2]);
    expect(await noteIds(reader)).toEqual([2]);
  });

  it('released right behind a statement does it or refuses it, and gives the connection back', async () => {
    const { writer, reader } = await openTestDatabase(WITH_NOTES);
    const runner = writer.createQueryRunner();
    const insertion = runner.query(INSERT, [1]).then(
      () => [1],
      () => [],
    );
    await runner.release();
    const inserted = await insertion;
    await writer.query(INSERT, [2]);
    expect(await noteIds(reader)).toEqual([...inserted, 2]);
  });

  it('released borrows nothing any more', async () => {
    const { writer, database } = await openTestDatabase(WITH_NOTES);
    const runner = writer.createQueryRunner();
    await runner.release();
    await expect(runner.connect()).rejects.toThrow(QueryRunnerAlreadyReleasedError);
    await expect(runner.query(INSERT, [1])).rejects.toThrow(QueryRunnerAlreadyReleasedError);
    expect(database.queue.status.holder).toBeNull();
  });

  it('released twice gives back once', async () => {
    const { writer, database } = await openTestDatabase(WITH_NOTES);
    const first = writer.createQueryRunner();
    await first.connect();
    await first.release();
    const second = writer.createQueryRunner();
    await second.connect();
    await first.release();
    expect(database.queue.status.holder).not.toBeNull();
    await second.release();
  });

  it('released while it waits in the queue takes its turn and gives it back', async () => {
    const { writer, database, reader } = await openTestDatabase(WITH_NOTES);
    const holder = writer.createQueryRunner();
    await holder.connect();
    const waiting = writer.createQueryRunner();
    const connected = waiting.connect();
    await until(() => database.queue.status.depth.live === 1);
    const released = waiting.release();
    await holder.release();
    await Promise.all([connected, released]);
    await writer.query(INSERT, [1]);
    expect(await noteIds(reader)).toEqual([1]);
  });

  it('can be used for several transactions, whether they fail or not', async () => {
    const { writer, reader } = await openTestDatabase(WITH_NOTES);
    const runner = writer.createQueryRunner();
    const failures = {
      1: () => runner.rollbackTransaction(),
      2: () => abort(runner).then(() => runner.rollbackTransaction()),
      3: async () => {
        await abort(runner);
        await expect(runner.commitTransaction()).rejects.toMatchObject({ code: 'TRANSACTION_ABORTED' });
      },
      4: async () => {
        await runner.query('INSERT INTO reply (id, note_id) VALUES (1, 99)');
        await expect(runner.commitTransaction()).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT' });
      },
    };
    for (const [id, fail] of Object.entries(failures)) {
      await runner.startTransaction();
      await runner.query(INSERT, [Number(id)]);
      await fail();
      expect(runner.isTransactionActive).toBe(false);

      await runner.startTransaction();
      await runner.query(INSERT, [10 + Number(id)]);
      expect(await noteIds(reader)).not.toContain(10 + Number(id));
      await runner.commitTransaction();
    }
    await runner.release();
    expect(await noteIds(reader)).toEqual([11, 12, 13, 14]);
  });

  it('leaves an aborted nested transaction level by level', async () => {
    const { writer, reader } = await openTestDatabase(WITH_NOTES);
    const runner = writer.createQueryRunner();
    await runner.startTransaction();
    await runner.query(INSERT, [1]);
    await runner.startTransaction();
    await abort(runner);
    await runner.rollbackTransaction();
    await expect(runner.query(INSERT, [2])).rejects.toMatchObject({ code: 'TRANSACTION_ABORTED' });
    await runner.rollbackTransaction();

    await runner.query(INSERT, [3]);
    await runner.release();
    expect(await noteIds(reader)).toEqual([3]);
  });

  it('keeps its connection between statements: nobody else gets a turn', async () => {
    const { writer, database } = await openTestDatabase(WITH_NOTES);
    const runner = writer.createQueryRunner();
    await runner.query(INSERT, [1]);
    const other = writer.query(INSERT, [2]);
    await until(() => database.queue.status.depth.live === 1);
    expect(await noteIds(runner)).toEqual([1]);
    await runner.release();
    await other;
  });
});

describe('transaction statements as plain SQL', () => {
  it.each(['BEGIN', 'begin immediate', ' SAVEPOINT a', 'COMMIT', 'END', 'ROLLBACK', 'RELEASE a'])(
    'are refused: %s',
    async (sql) => {
      const { writer, reader } = await openTestDatabase(WITH_NOTES);
      for (const source of [writer, reader]) {
        await expect(source.query(sql)).rejects.toMatchObject({ code: 'RAW_TRANSACTION' });
      }
      await writer.query(INSERT, [1]);
      expect(await noteIds(reader)).toEqual([1]);
    },
  );
});

describe('results', () => {
  it('are rows, and for a statement without rows its last id; RETURNING gives rows', async () => {
    const { writer } = await openTestDatabase(WITH_NOTES);
    expect(await writer.query(INSERT, [7])).toBe(7);
    expect(await writer.query('UPDATE note SET text = ? RETURNING id', ['new'])).toEqual([{ id: 7 }]);
    const runner = writer.createQueryRunner();
    expect(await runner.query('DELETE FROM note', [], true)).toMatchObject({ affected: 1 });
    await runner.release();
  });
});
