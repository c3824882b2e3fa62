import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Checkpointer, walBytes } from '../../../src/database/sqlite/checkpointer.js';
import { SqliteConnection } from '../../../src/database/sqlite/sqlite-connection.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { ManualClock } from '../../support/fixtures/manual-clock.js';
import { noteIds, WITH_NOTES } from '../../support/fixtures/notes.js';
import { RecordingLog } from '../../support/fixtures/recording-log.js';
import { until } from '../../support/fixtures/until.js';

const MIB = 1024 * 1024;

async function start() {
  const clock = new ManualClock();
  const database = await openTestDatabase({ ...WITH_NOTES, clock });
  const log = new RecordingLog();
  const checkpointer = new Checkpointer(database.database, database.writer, clock, log);
  checkpointer.start();
  onTestFinished(() => checkpointer.stop());
  return { ...database, clock, checkpointer, log };
}

/** Writes this many rows of 1 MiB, each in a transaction of its own. */
async function write({ writer }: TestDatabase, mebibytes: number): Promise<void> {
  for (let row = 0; row < mebibytes; row += 1) {
    await writer.query(`INSERT INTO note (text) VALUES (hex(zeroblob(${MIB / 2})))`);
  }
}

const fileBytes = (database: TestDatabase) => statSync(database.file).size;

/** Bytes 12-15 of a WAL: how often it has started over (https://www.sqlite.org/fileformat2.html#walformat). */
const generation = (database: TestDatabase) => readFileSync(`${database.file}-wal`).readUInt32BE(12);

describe('the checkpointer', () => {
  it('leaves COMMIT without checkpoints, and checkpoints once the WAL has 8 MiB', async () => {
    const database = await start();
    const empty = fileBytes(database);
    await write(database, 4);
    expect(fileBytes(database)).toBe(empty);
    await write(database, 5);
    expect(fileBytes(database)).toBe(empty);
    expect(await walBytes(database.file)).toBeGreaterThan(8 * MIB);

    database.clock.advance(1000);
    await until(() => fileBytes(database) > 8 * MIB);
  });

  it('checkpoints a small WAL after 30 s', async () => {
    const database = await start();
    const empty = fileBytes(database);
    await write(database, 1);
    for (let second = 0; second < 29; second += 1) {
      database.clock.advance(1000);
      await walBytes(database.file);
    }
    expect(fileBytes(database)).toBe(empty);
    await until(() => {
      database.clock.advance(1000);
      return fileBytes(database) > MIB;
    });
  });

  it('makes a WAL of 16 MiB start over, behind the writers in the queue, and then leaves it alone', async () => {
    const database = await start();
    await write(database, 17);
    const { queue } = database.database;
    const before = generation(database);
    const holder = database.writer.createQueryRunner();
    await holder.connect();
    database.clock.advance(1000);
    await until(() => queue.status.depth.locks === 1);
    await holder.release();
    await until(() => queue.status.holder === null);
    await write(database, 1);
    expect(generation(database)).toBeGreaterThan(before);
    expect(await walBytes(database.file)).toBeLessThan(20 * MIB);

    // Its file keeps its size, but there is little in it: no further turn in the queue is asked for.
    const runner = database.writer.createQueryRunner();
    await runner.connect();
    database.clock.advance(1000);
    let over = false;
    const asked = until(() => over || queue.status.depth.locks > 0).then(() => 'asked');
    const stopped = database.checkpointer.stop().then(() => 'stopped');
    const first = await Promise.race([asked, stopped]);
    over = true;
    await runner.release();
    expect(first).toBe('stopped');
  });

  it('gives the writer its busy_timeout of 0 back, also when a reader keeps the WAL from starting over', async () => {
    const database = await start();
    const reader = await SqliteConnection.open(database.file, 'ro');
    onTestFinished(() => reader.close());
    await reader.run('BEGIN');
    await reader.all('SELECT count(*) FROM note');
    await write(database, 17);
    database.clock.advance(1000);
    await until(() => database.statistics.busy.checkpoint === 1);
    expect(await database.writer.query('PRAGMA busy_timeout')).toEqual([{ timeout: 0 }]);

    // Not again before 500 ms are over, then with success once the reader is gone.
    await reader.run('COMMIT');
    const before = generation(database);
    await until(async () => {
      database.clock.advance(1000);
      await write(database, 1);
      return generation(database) > before;
    });
  });

  it('empties the WAL when it stops, and closes its connection', async () => {
    const database = await start();
    await write(database, 2);
    await database.checkpointer.stop();
    expect(await walBytes(database.file)).toBe(0);
    expect(fileBytes(database)).toBeGreaterThan(2 * MIB);
    database.clock.advance(60_000);
    expect(await noteIds(database.reader)).toEqual([1, 2]);
    expect(database.log.events).toEqual([]);
  });

  it('stops all the same when a reader is in the way, and loses nothing', async () => {
    const database = await start();
    const runner = database.reader.createQueryRunner();
    await runner.startTransaction();
    await runner.query('SELECT count(*) FROM note');
    await write(database, 1);
    await database.checkpointer.stop();
    await runner.release();
    expect(await noteIds(database.reader)).toEqual([1]);
  });
});
