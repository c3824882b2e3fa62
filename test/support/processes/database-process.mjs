// Does with a database, in a process of its own, what each line of JSON on standard input says; answers each with a
// line. Lines written to several such processes at once set them off at the same moment.
import { createInterface } from 'node:readline';
import { SystemClock } from '../../../dist/common/clock.js';
import { LockStatistics } from '../../../dist/database/lock-statistics.js';
import { MIGRATIONS } from '../../../dist/database/migrations/migrations.js';
import { runMigrations } from '../../../dist/database/migrations/run-migrations.js';
import { SqliteDataSource, sqliteOptions } from '../../../dist/database/sqlite/sqlite-data-source.js';
import { SqliteDatabase } from '../../../dist/database/sqlite/sqlite-database.js';

const ADD = `INSERT INTO job_run (name, slot, fence, started_at) VALUES (?, ?, 1, 0)`;
const migrations = MIGRATIONS;

async function open(file) {
  const clock = new SystemClock();
  const statistics = new LockStatistics(clock);
  const names = migrations.map(({ name }) => name);
  const database = new SqliteDatabase(
    { file, readers: 1, writable: true, migrations: names },
    clock,
    statistics,
  );
  const backend = { clock, statistics };
  const common = { migrations: [...migrations] };
  let executed = [];
  const prepare = async (source) => void (executed = await runMigrations(source));
  const writer = new SqliteDataSource({
    ...sqliteOptions(file, { ...backend, source: database.queue, prepare }),
    ...common,
  });
  const reader = new SqliteDataSource({
    ...sqliteOptions(file, { ...backend, source: database.readers }),
    ...common,
  });
  await writer.initialize();
  await reader.initialize();
  return { writer, reader, statistics, executed };
}

const tasks = {
  /** Opens and migrates, writes a row, reads, closes. */
  async open({ file, name }) {
    const { writer, reader, executed } = await open(file);
    await writer.query(ADD, [name, 0]);
    const [{ own }] = await reader.query('SELECT count(*) AS own FROM job_run WHERE name = ?', [name]);
    await reader.destroy();
    await writer.destroy();
    return { executed, own };
  },

  /** Adds rows and counts on, each in a transaction that reads before it writes; every other one as single statements. */
  async write({ file, name, count }) {
    const { writer, reader, statistics } = await open(file);
    for (let slot = 0; slot < count; slot += 1) {
      await writer.transaction(async (manager) => {
        const [{ total }] = await manager.query(`SELECT fence AS total FROM job_lock WHERE name = 'total'`);
        await manager.query(ADD, [name, slot]);
        await manager.query(`UPDATE job_lock SET fence = ? WHERE name = 'total'`, [total + 1]);
      });
      await writer.query(ADD, [`${name} alone`, slot]);
    }
    await reader.destroy();
    await writer.destroy();
    return { busy: statistics.busy, timeouts: statistics.timeoutsTotal };
  },
};

const answer = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

answer({ ready: true });
for await (const line of createInterface({ input: process.stdin })) {
  const { task, ...options } = JSON.parse(line);
  try {
    answer(await tasks[task](options));
  } catch (error) {
    answer({ error: `${error.code}: ${error.message}` });
  }
}
