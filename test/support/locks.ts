import { SystemClock, type Clock } from '../../src/common/clock.js';
import { Config } from '../../src/config/config.js';
import { LockService } from '../../src/locks/lock.service.js';
import { SqliteLockStore } from '../../src/locks/sqlite-lock-store.js';
import { openTestDatabase, type TestDatabase } from './database.js';
import { RecordingLog } from './fixtures/recording-log.js';

export interface TestLocks extends TestDatabase {
  readonly store: SqliteLockStore;
  readonly locks: LockService;
  readonly log: RecordingLog;
}

/** A database with a lock service over it. */
export async function openTestLocks({
  ttl = '30s',
  clock = new SystemClock(),
  file,
}: { ttl?: string; clock?: Clock; file?: string } = {}): Promise<TestLocks> {
  const database = await openTestDatabase(file === undefined ? {} : { file });
  const store = new SqliteLockStore(database.writer, database.reader);
  const log = new RecordingLog();
  const config = Config.from({ CRYPTOFLOW_LEASE_TTL: ttl });
  return { ...database, store, log, locks: new LockService(store, database.writer, clock, log, config) };
}
