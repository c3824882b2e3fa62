import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SqliteConnection } from '../../../src/database/sqlite/sqlite-connection.js';
import { openTestDatabase } from '../../support/database.js';
import { Note, noteIds, WITH_NOTES } from '../../support/fixtures/notes.js';

const INVALID = { code: 'INVALID_PARAMETER' };

async function memory(): Promise<SqliteConnection> {
  const connection = await SqliteConnection.open(':memory:', 'rwc');
  onTestFinished(() => connection.close());
  return connection;
}

describe('parameters that sqlite3 would change silently are refused', () => {
  it.each([
    ['a BigInt', 1n],
    ['undefined', undefined],
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['an integer beyond 2^53', 2 ** 53],
    ['an object', { a: 1 }],
    ['an array', [1]],
    ['a Date', new Date(0)],
    ['a function', () => 1],
    ['a symbol', Symbol('a')],
  ])('%s', async (_, value) => {
    const connection = await memory();
    await expect(connection.all('SELECT ? AS value', [value])).rejects.toMatchObject(INVALID);
    await expect(connection.run('SELECT ? AS value', [value])).rejects.toMatchObject(INVALID);
  });

  it('without the value in the message', async () => {
    const connection = await memory();
    const refusal = connection.all('SELECT ?, ?', ['a', { password: 'hunter2' }]);
    await expect(refusal).rejects.toThrow('value 2 cannot be bound: object');
  });

  it.each([
    ['SELECT 1', ['a']],
    ['SELECT ?', []],
    ['SELECT ?, ?', ['a']],
    ['SELECT ?', ['a', 'b']],
    ['SELECT ?1, ?2', ['a']],
    ['SELECT ?1, ?1', ['a', 'b']],
    ['SELECT ?3, ?', ['a', 'b', 'c']],
    ['SELECT :a, :b, :a', ['a']],
    ['SELECT @a', []],
  ])('too few or too many: %s', async (sql, values) => {
    await expect((await memory()).all(sql, values)).rejects.toMatchObject(INVALID);
  });

  it.each([
    [`SELECT '?', "?" FROM (SELECT 1 AS "?"), (VALUES (?))`, ['a']],
    [`SELECT 'it''s ?', ? -- and ? here`, ['a']],
    ['SELECT /* ? */ ? AS [a?]', ['a']],
    ['SELECT ?2, ?1', ['a', 'b']],
    ['SELECT ?1, ?1', ['a']],
    ['SELECT :a, :b, :a', ['a', 'b']],
    [`SELECT '{"a":1}' ->> '$.a', ':b', ?`, ['a']],
  ])('but a ? in quotes or comments is none: %s', async (sql, values) => {
    await expect((await memory()).all(sql, values)).resolves.toHaveLength(1);
  });

  it('also through the writer, where nothing is written', async () => {
    const { writer } = await openTestDatabase(WITH_NOTES);
    for (const values of [[undefined], [1n], [], [1, 2]]) {
      const insert = writer.query(`INSERT INTO note (id, text) VALUES (?, 'text')`, values);
      await expect(insert).rejects.toMatchObject(INVALID);
    }
    await writer.transaction(async (manager) => {
      const insert = manager.query('INSERT INTO note (id, text) VALUES (1, ?)', [undefined]);
      await expect(insert).rejects.toMatchObject(INVALID);
      await manager.query(`INSERT INTO note (id, text) VALUES (2, 'text')`);
    });
    expect(await noteIds(writer)).toEqual([2]);
  });
});

describe('several statements in one query', () => {
  it.each([
    `INSERT INTO note VALUES (1, 'a'); INSERT INTO note VALUES (2, 'b')`,
    `INSERT INTO note VALUES (1, 'a');;\nDELETE FROM note;`,
  ])('are refused: sqlite3 would run the first and forget the rest', async (sql) => {
    const { writer } = await openTestDatabase(WITH_NOTES);
    await expect(writer.query(sql)).rejects.toMatchObject({ code: 'SEVERAL_STATEMENTS' });
    expect(await noteIds(writer)).toEqual([]);
  });

  it.each([
    `INSERT INTO note VALUES (1, 'a;b');`,
    `INSERT INTO note VALUES (1, 'a') ; -- the end; really`,
    `CREATE TRIGGER t AFTER INSERT ON note BEGIN DELETE FROM note; SELECT 1; END;`,
    `CREATE TEMP TRIGGER IF NOT EXISTS t AFTER INSERT ON note BEGIN DELETE FROM note; END`,
  ])('are not seen where there is one: %s', async (sql) => {
    const { writer } = await openTestDatabase(WITH_NOTES);
    await expect(writer.query(sql)).resolves.toBeDefined();
  });
});

describe('values round-trip exactly', () => {
  it.each([
    0,
    -1,
    2 ** 31 - 1,
    2 ** 31,
    -(2 ** 31) - 1,
    1_600_000_000_000,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
  ])('the integer %d, which stays an integer in its column', async (value) => {
    const connection = await memory();
    await connection.run('CREATE TABLE number (value INTEGER) STRICT');
    await connection.run('INSERT INTO number VALUES (?)', [value]);
    expect(await connection.all('SELECT value, typeof(value) AS type FROM number')).toEqual([
      { value, type: 'integer' },
    ]);
    expect(await connection.all('SELECT value FROM number WHERE value = ?', [value])).toHaveLength(1);
  });

  it('any text, also with NUL and astral characters', async () => {
    const connection = await memory();
    const texts = fc.string({ unit: 'grapheme' });
    await fc.assert(
      fc.asyncProperty(texts, async (value) => {
        expect(await connection.all('SELECT ? AS value', [value])).toEqual([{ value }]);
      }),
      { numRuns: 100 },
    );
  });

  it('bytes, also a window into a larger buffer; booleans as 0 and 1; null', async () => {
    const connection = await memory();
    const window = Uint8Array.from([9, 1, 0, 255, 9]).subarray(1, 4);
    const [row] = await connection.all('SELECT ? AS a, ? AS b, ? AS c, ? AS d', [window, true, false, null]);
    expect(row).toEqual({ a: Buffer.from([1, 0, 255]), b: 1, c: 0, d: null });
  });

  it('entities', async () => {
    const { writer, reader } = await openTestDatabase(WITH_NOTES);
    const note = { id: Number.MAX_SAFE_INTEGER, text: '0.1234567890123456789' };
    await writer.getRepository(Note).save(note);
    expect(await reader.getRepository(Note).find()).toEqual([note]);
  });
});
