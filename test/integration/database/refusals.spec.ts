import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../../src/database/migrations/migrations.js';
import { assertLocalFilesystem, assertSqliteVersion } from '../../../src/database/sqlite/preflight.js';
import { SQLITE_VERSION } from '../../../src/database/sqlite/sqlite-connection.js';
import { openTestDatabase } from '../../support/database.js';
import { INSERT, noteIds, WITH_NOTES } from '../../support/fixtures/notes.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

/** An error with this code whose message holds these parts, in this order. */
function naming(code: string, ...parts: string[]): { code: string; message: string } {
  const literal = parts.map((part) => part.replaceAll(/[^\w/]/g, String.raw`\$&`));
  return { code, message: expect.stringMatching(new RegExp(literal.join('[^]*'))) as string };
}

describe('SQLite’s version', () => {
  it.each(['3.40.1', '3.50.4', '3.51.0', '3.51.2', '2.99.99', '3.51', '3'])('%s is refused', (version) => {
    expect(() => assertSqliteVersion(version)).toThrow(
      expect.objectContaining(naming('SQLITE_TOO_OLD', version, '3.51.3')) as Error,
    );
  });

  it.each(['3.51.3', '3.51.10', '3.52.0', '3.100.0', '4.0.0', SQLITE_VERSION])(
    '%s is accepted',
    (version) => {
      expect(() => assertSqliteVersion(version)).not.toThrow();
    },
  );
});

describe('a network filesystem', () => {
  it.each([
    ['NFS', 0x6969],
    ['CIFS', 0xff534d42],
    ['SMB2', 0xfe534d42 | 0], // statfs(2) may give it as a negative number
    ['9P', 0x01021997],
  ])('%s is refused, with the directory', async (name, type) => {
    await expect(assertLocalFilesystem('/mnt/share', async () => type)).rejects.toMatchObject(
      naming('NETWORK_FILESYSTEM', '/mnt/share', name, 'DATABASE_URL'),
    );
  });

  it.each([
    ['ext4', 0xef53],
    ['tmpfs', 0x01021994],
    ['overlayfs', 0x794c7630],
  ])('is not %s', async (_, type) => {
    await expect(assertLocalFilesystem('/mnt/disk', async () => type)).resolves.toBeUndefined();
  });

  it('is not where the tests run', async () => {
    await expect(assertLocalFilesystem(temporaryDirectory())).resolves.toBeUndefined();
  });
});

describe('a newer schema', () => {
  const futureMigration = `INSERT INTO migrations (timestamp, name) VALUES (1, 'CryptoFlowFuture9900000000000')`;

  it('is refused by the writer, which changes nothing', async () => {
    const file = join(temporaryDirectory(), 'newer.db');
    const { writer, reader } = await openTestDatabase({ file, migrations: [] });
    await writer.query('CREATE TABLE migrations (id INTEGER PRIMARY KEY, timestamp INTEGER, name TEXT)');
    await writer.query(futureMigration);
    await expect(openTestDatabase({ file })).rejects.toMatchObject(
      naming('NEWER_SCHEMA', file, 'CryptoFlowFuture9900000000000'),
    );
    const tables = await reader.query(`SELECT name FROM sqlite_master WHERE type = 'table'`);
    expect(tables).toEqual([{ name: 'migrations' }]);
  });

  it('is refused by the reader', async () => {
    const { file, writer, reader } = await openTestDatabase();
    const others = Array.from({ length: 4 }, () => reader.createQueryRunner());
    await others[0]!.connect();
    await writer.query(futureMigration);
    await expect(others[1]!.connect()).rejects.toMatchObject(
      naming('NEWER_SCHEMA', file, 'CryptoFlowFuture9900000000000'),
    );
    for (const runner of others) await runner.release();
  });

  it('is not one that an extension has added', async () => {
    const { file, writer } = await openTestDatabase(WITH_NOTES);
    await writer.query(INSERT, [1]);
    await openTestDatabase({ file, migrations: MIGRATIONS });
    const again = await openTestDatabase({ ...WITH_NOTES, file });
    expect(await noteIds(again.reader)).toEqual([1]);
  });
});

describe('a migration that fails', () => {
  it('leaves nothing behind, so that its corrected form runs', async () => {
    const file = join(temporaryDirectory(), 'broken.db');
    class Broken1900000000000 {
      async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
        await runner.query('CREATE TABLE half (id INTEGER) STRICT');
        await runner.query('CREATE nonsense');
      }
      async down(): Promise<void> {}
    }
    const failing = openTestDatabase({ file, migrations: [...MIGRATIONS, Broken1900000000000] });
    await expect(failing).rejects.toMatchObject({ code: 'SQLITE_ERROR' });
    const { reader } = await openTestDatabase({ file });
    expect(await reader.query(`SELECT name FROM sqlite_master WHERE name = 'half'`)).toEqual([]);
    expect(await reader.query('SELECT count(*) AS n FROM series')).toEqual([{ n: 0 }]);
  });
});

describe('a path that cannot be written', () => {
  it('below a file is refused, with the path', async () => {
    const blocked = join(temporaryDirectory(), 'file');
    writeFileSync(blocked, '');
    for (const file of [join(blocked, 'test.db'), join(blocked, 'below', 'test.db')]) {
      await expect(openTestDatabase({ file })).rejects.toMatchObject(
        naming('DATABASE_UNWRITABLE', blocked, 'DATABASE_URL'),
      );
    }
  });

  it('that is a directory, or a dangling link, is refused, with the path', async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'directory.db'));
    symlinkSync(join(directory, 'absent', 'real.db'), join(directory, 'link.db'));
    for (const name of ['directory.db', 'link.db']) {
      const file = join(directory, name);
      await expect(openTestDatabase({ file })).rejects.toMatchObject({
        message: expect.stringContaining(file) as string,
      });
    }
  });

  it('that is no database is refused, with the path, and left as it is', async () => {
    const file = join(temporaryDirectory(), 'letter.db');
    const content = 'Dear reader, '.repeat(1000);
    writeFileSync(file, content);
    await expect(openTestDatabase({ file })).rejects.toMatchObject(naming('DATABASE_UNUSABLE', file));
    expect(readFileSync(file, 'utf8')).toBe(content);
  });

  it.each([
    { what: 'a read-only directory', directoryMode: 0o555, fileMode: undefined },
    { what: 'a read-only file', directoryMode: 0o777, fileMode: 0o444 },
  ])('$what is refused to a user without rights, with the path', async ({ directoryMode, fileMode }) => {
    const directory = temporaryDirectory();
    const file = join(directory, 'test.db');
    if (fileMode !== undefined) writeFileSync(file, '', { mode: fileMode });
    chmodSync(directory, directoryMode);
    const refused = fileMode === undefined ? directory : file;
    expect(await openAsNobody(file)).toMatchObject(naming('DATABASE_UNWRITABLE', refused, 'EACCES'));
    expect(existsSync(`${file}-wal`)).toBe(false);
  });

  it('is made where only the directory is missing', async () => {
    const file = join(temporaryDirectory(), 'new', 'below', 'test.db');
    await openTestDatabase({ file });
    expect(existsSync(dirname(file))).toBe(true);
  });
});

/** Permission bits do not bind root: then another user tries. @returns the error's fields */
async function openAsNobody(file: string): Promise<unknown> {
  const script = resolve('test/support/processes/assert-writable.mjs');
  const identity = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const child = spawn(process.execPath, [script, file], {
    ...identity,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return JSON.parse(output);
}
