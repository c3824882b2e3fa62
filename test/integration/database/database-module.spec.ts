import { Global, Injectable, Module, type DynamicModule } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { getDataSourceToken, InjectDataSource, InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource, Repository, type MigrationInterface, type QueryRunner } from 'typeorm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Clock, SystemClock } from '../../../src/common/clock.js';
import { Lifecycle } from '../../../src/common/lifecycle.js';
import { Config } from '../../../src/config/config.js';
import { DatabaseModule, type DatabaseModuleOptions } from '../../../src/database/database.module.js';
import { MIGRATIONS } from '../../../src/database/migrations/migrations.js';
import { SqliteConnection } from '../../../src/database/sqlite/sqlite-connection.js';
import { Log } from '../../../src/logging/log.js';
import { AddNotes1800000000000, INSERT, Note, noteIds } from '../../support/fixtures/notes.js';
import { openHandles } from '../../support/fixtures/open-handles.js';
import { RecordingLog } from '../../support/fixtures/recording-log.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

/** What the composition root provides globally. */
@Global()
@Module({})
class Surroundings {
  static of(file: string, log: RecordingLog): DynamicModule {
    const providers = [
      { provide: Config, useValue: Config.from({ DATABASE_URL: `sqlite:${file}`, DATABASE_READERS: '2' }) },
      { provide: Clock, useClass: SystemClock },
      { provide: Lifecycle, useValue: new Lifecycle() },
      { provide: Log, useValue: log },
    ];
    return { module: Surroundings, providers, exports: providers.map(({ provide }) => provide) };
  }
}

/** An extension: an entity of its own, written through the writer and read through the reader. */
@Injectable()
class Notebook {
  constructor(
    @InjectRepository(Note, 'writer') readonly written: Repository<Note>,
    @InjectRepository(Note, 'reader') readonly read: Repository<Note>,
    @InjectDataSource('writer') readonly writer: DataSource,
    @InjectDataSource('reader') readonly reader: DataSource,
  ) {}
}

@Module({
  imports: [TypeOrmModule.forFeature([Note], 'writer'), TypeOrmModule.forFeature([Note], 'reader')],
  providers: [Notebook],
})
class NotebookModule {}

/** A migration may give itself a name that is not its class's. */
class AddIndex implements MigrationInterface {
  readonly name = 'NotebookIndex1800000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX note_text ON note (text)');
  }

  async down(): Promise<void> {}
}

async function start(
  file: string,
  options: DatabaseModuleOptions,
  feature?: typeof NotebookModule,
): Promise<{ app: TestingModule; log: RecordingLog }> {
  const log = new RecordingLog();
  const imports = [
    Surroundings.of(file, log),
    DatabaseModule.forRoot(options),
    ...(feature ? [feature] : []),
  ];
  const app = await Test.createTestingModule({ imports }).compile();
  await app.init();
  onTestFinished(() => app.close());
  return { app, log };
}

const WRITING = { writable: true, migrations: [AddNotes1800000000000, AddIndex] };
const newFile = () => join(temporaryDirectory(), 'nest.db');

describe('DatabaseModule', () => {
  it('gives an extension its tables, and repositories on the writer and on the reader', async () => {
    const { app, log } = await start(newFile(), WRITING, NotebookModule);
    const notebook = app.get(Notebook);

    await notebook.written.save({ id: 1, text: 'first' });
    await notebook.writer.transaction((manager) =>
      manager.getRepository(Note).insert({ id: 2, text: 'second' }),
    );
    expect(await notebook.read.find({ order: { id: 'DESC' } })).toEqual([
      { id: 2, text: 'second' },
      { id: 1, text: 'first' },
    ]);
    await expect(notebook.read.delete({ id: 1 })).rejects.toMatchObject({ code: 'SQLITE_READONLY' });
    await expect(notebook.reader.query(INSERT, [3])).rejects.toMatchObject({ code: 'SQLITE_READONLY' });
    expect(await noteIds(notebook.reader)).toEqual([1, 2]);

    const migrations = [...MIGRATIONS.map(({ name }) => name), AddNotes1800000000000.name];
    expect(log.named('database.migrated')).toEqual([
      { migrations: [...migrations, 'NotebookIndex1800000000001'] },
    ]);
  });

  it('opens what is there without migrating again, and keeps what was written', async () => {
    const file = newFile();
    const first = await start(file, WRITING, NotebookModule);
    await first.app.get(Notebook).written.save({ id: 1, text: 'first' });
    await first.app.close();

    const second = await start(file, WRITING, NotebookModule);
    expect(await noteIds(second.app.get(Notebook).reader)).toEqual([1]);
    expect(second.log.named('database.migrated')).toEqual([]);
  });

  it('empties the WAL at shutdown, also when somebody else has the file open', async () => {
    const file = newFile();
    const { app } = await start(file, WRITING, NotebookModule);
    const other = await SqliteConnection.open(file, 'rw');
    onTestFinished(() => other.close());
    await other.all('SELECT count(*) FROM note');
    await app.get(Notebook).written.save({ id: 1, text: 'first' });
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(0);

    await app.close();
    expect(statSync(`${file}-wal`).size).toBe(0);
    expect(await other.all('SELECT id FROM note')).toEqual([{ id: 1 }]);
  });

  it('closes every handle at shutdown', async () => {
    const file = newFile();
    const { app } = await start(file, WRITING, NotebookModule);
    const notebook = app.get(Notebook);
    await notebook.written.save(Array.from({ length: 500 }, (_, id) => ({ id, text: 'x'.repeat(1000) })));
    await Promise.all(Array.from({ length: 8 }, () => notebook.read.find()));
    expect(openHandles(file).length).toBeGreaterThan(0);

    await app.close();
    expect(openHandles(file)).toEqual([]);
  });

  it('leaves no handle when it fails to start', async () => {
    const file = newFile();
    const writing = await start(file, WRITING, NotebookModule);
    await writing.app
      .get(Notebook)
      .writer.query(`INSERT INTO migrations (timestamp, name) VALUES (1, 'CryptoFlowFuture9900000000000')`);
    await writing.app.close();

    for (const writable of [true, false]) {
      const starting = start(file, { writable }).then(({ app }) =>
        app.get<DataSource>(getDataSourceToken('reader')).query('SELECT 1'),
      );
      await expect(starting).rejects.toMatchObject({ code: 'NEWER_SCHEMA' });
    }
    await expect.poll(() => openHandles(file)).toEqual([]);
  });

  it('without the right to write has no writer, starts before there is a file, and reads once it is there', async () => {
    const file = newFile();
    const { app } = await start(file, { writable: false });
    expect(() => app.get(getDataSourceToken('writer'))).toThrow(/writerDataSource/);
    const reader = app.get<DataSource>(getDataSourceToken('reader'));
    await expect(reader.query('SELECT 1')).rejects.toMatchObject({ code: 'DATABASE_NOT_READY' });

    const writing = await start(file, { writable: true });
    expect(await reader.query('SELECT count(*) AS n FROM series')).toEqual([{ n: 0 }]);
    await writing.app.close();
    expect(await reader.query('SELECT count(*) AS n FROM series')).toEqual([{ n: 0 }]);
  });
});
