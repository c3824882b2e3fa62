// Takes the lease `job` again and again, and under it appends rows to `entry`, each one higher than the last it sees.
// Prints every number that was acknowledged. Arguments: the database file, the TTL.
import { Config } from '../../../dist/config/config.js';
import { SystemClock } from '../../../dist/common/clock.js';
import { LockStatistics } from '../../../dist/database/lock-statistics.js';
import { MIGRATIONS } from '../../../dist/database/migrations/migrations.js';
import { SqliteDataSource, sqliteOptions } from '../../../dist/database/sqlite/sqlite-data-source.js';
import { SqliteDatabase } from '../../../dist/database/sqlite/sqlite-database.js';
import { LockService } from '../../../dist/locks/lock.service.js';
import { SqliteLockStore } from '../../../dist/locks/sqlite-lock-store.js';

const [file, ttl] = process.argv.slice(2);
const clock = new SystemClock();
const statistics = new LockStatistics(clock);
const database = new SqliteDatabase(
  { file, readers: 2, writable: true, migrations: MIGRATIONS.map(({ name }) => name) },
  clock,
  statistics,
);
const open = (source) =>
  new SqliteDataSource(sqliteOptions(file, { source, clock, statistics })).initialize();
const writer = await open(database.queue);
const reader = await open(database.readers);
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const config = Config.from({ CRYPTOFLOW_LEASE_TTL: ttl });
const locks = new LockService(new SqliteLockStore(writer, reader), writer, clock, quiet, config);

for (;;) {
  const lease = await locks.acquire('job');
  if (!lease) {
    await clock.sleep(5);
    continue;
  }
  try {
    for (let round = 0; round < 25; round += 1) {
      // The number is read outside the transaction, so that only the fence keeps a stale holder from writing it twice.
      const [{ last }] = await reader.query('SELECT coalesce(max(number), 0) AS last FROM entry');
      await clock.sleep(Math.random() * 3);
      await locks.transaction(lease, (manager) =>
        manager.query('INSERT INTO entry (number, fence, pid) VALUES (?, ?, ?)', [
          last + 1,
          lease.fence,
          process.pid,
        ]),
      );
      process.stdout.write(`${last + 1}\n`);
    }
  } catch (error) {
    if (error.code !== 'LOCK_LOST') {
      process.stderr.write(`${error.stack}\n`);
      process.exit(1);
    }
  }
  await locks.release(lease);
}
