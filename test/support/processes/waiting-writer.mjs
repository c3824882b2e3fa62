// Has nothing to do but to wait for its turn at the writer while bulk work is held back, until it is told by SIGUSR2.
import { SystemClock } from '../../../dist/common/clock.js';
import { inLane } from '../../../dist/database/lanes.js';
import { LockStatistics } from '../../../dist/database/lock-statistics.js';
import { SqliteDataSource, sqliteOptions } from '../../../dist/database/sqlite/sqlite-data-source.js';
import { SqliteDatabase } from '../../../dist/database/sqlite/sqlite-database.js';

const [, , file] = process.argv;
const clock = new SystemClock();
const statistics = new LockStatistics(clock);
const options = { file, readers: 1, writable: true, migrations: [] };
const { queue } = new SqliteDatabase(options, clock, statistics);
const writer = await new SqliteDataSource(
  sqliteOptions(file, { source: queue, clock, statistics }),
).initialize();

queue.pause('a test');
process.on('SIGUSR2', () => queue.resume());
process.stdout.write('waiting\n');
await inLane('backfill', () => writer.query('CREATE TABLE done (a)'));
process.stdout.write('done\n');
