import type { DataSource } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { openTestDatabase } from '../../support/database.js';
import { WITH_NOTES } from '../../support/fixtures/notes.js';

const WRITER = {
  journal_mode: 'wal',
  busy_timeout: 0,
  synchronous: 1,
  wal_autocheckpoint: 0,
  journal_size_limit: 67_108_864,
  cache_size: -32_000,
  query_only: 0,
  foreign_keys: 1,
  temp_store: 2,
};
const READER = {
  journal_mode: 'wal',
  busy_timeout: 5000,
  cache_size: -16_000,
  query_only: 1,
  foreign_keys: 1,
  temp_store: 2,
};

async function pragmas(source: Pick<DataSource, 'query'>, expected: object): Promise<object> {
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(expected)) {
    const [row] = (await source.query(`PRAGMA ${name}`)) as object[];
    values[name] = Object.values(row!)[0];
  }
  return values;
}

describe('pragmas', () => {
  it('of the writer are as in the table, also on the connection that replaces a discarded one', async () => {
    const { writer } = await openTestDatabase(WITH_NOTES);
    expect(await pragmas(writer, WRITER)).toEqual(WRITER);

    const runner = writer.createQueryRunner();
    await runner.query('PRAGMA cache_size = -1');
    await runner.startTransaction();
    await runner.release();
    expect(await pragmas(writer, WRITER)).toEqual(WRITER);
  });

  it('of every reader are as in the table', async () => {
    const { reader } = await openTestDatabase(WITH_NOTES);
    const runners = Array.from({ length: 4 }, () => reader.createQueryRunner());
    for (const runner of runners) expect(await pragmas(runner, READER)).toEqual(READER);
    for (const runner of runners) await runner.release();
  });
});

describe('the schema', () => {
  it('has STRICT tables only', async () => {
    const { reader } = await openTestDatabase();
    const tables = (await reader.query(
      `SELECT name, strict FROM pragma_table_list
       WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migrations'`,
    )) as Array<{ name: string; strict: number }>;
    expect(tables.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'series',
        'candle',
        'forming_candle',
        'coverage',
        'candle_revision',
        'job_lock',
      ]),
    );
    expect(tables.filter(({ strict }) => strict !== 1)).toEqual([]);
  });

  it.each([
    [`INSERT INTO series (id, exchange, symbol, interval, created_at) VALUES (1, 'a', 'b', '1m', ?)`, 'soon'],
    [`INSERT INTO series (id, exchange, symbol, interval, created_at) VALUES (1, 'a', 'b', '1m', ?)`, 1.5],
    [`INSERT INTO job_run (name, slot, fence, started_at) VALUES ('a', ?, 1, 1)`, 'first'],
    [`INSERT INTO note (id, text) VALUES (?, 'text')`, 'one'],
  ])('refuses what is no integer in an integer column: %s', async (sql, value) => {
    const { writer } = await openTestDatabase(WITH_NOTES);
    await expect(writer.query(sql, [value])).rejects.toMatchObject({
      code: expect.stringMatching(/^SQLITE_(CONSTRAINT|MISMATCH)$/),
    });
  });

  it('enforces its foreign keys', async () => {
    const { writer } = await openTestDatabase();
    const orphan = `INSERT INTO candle VALUES (99, 0, '1', '1', '1', '1', '1')`;
    await expect(writer.query(orphan)).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT' });
  });
});
