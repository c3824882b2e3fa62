// Read transactions that overlap without a break, and a look at the WAL: from outside of the service.
import { setTimeout as delay } from 'node:timers/promises';
import { PlainSqlite, walMib } from '../support/plain-sqlite.mjs';
import { serveTasks } from '../support/tasks.mjs';

/** @param {string} file @param {number} ms @param {number} end */
async function readUntil(file, ms, end) {
  const sqlite = await PlainSqlite.open(file, { busyTimeout: 5000 });
  while (performance.now() < end) {
    await sqlite.all('BEGIN');
    await sqlite.all('SELECT * FROM candle WHERE series_id = 1 ORDER BY open_time DESC LIMIT 1');
    await delay(ms);
    await sqlite.all('COMMIT');
  }
  await sqlite.close();
}

serveTasks({
  /** @returns what the WAL held, in MiB, ten times a second */
  async watch({ file, seconds, readers, readMs }) {
    const end = performance.now() + seconds * 1000;
    const reading = Array.from({ length: readers }, async (_, number) => {
      await delay((readMs / readers) * number);
      await readUntil(file, readMs, end);
    });
    const sqlite = await PlainSqlite.open(file, { busyTimeout: 5000 });
    const sizes = [];
    while (performance.now() < end) {
      sizes.push(await walMib(sqlite));
      await delay(100);
    }
    await Promise.all(reading);
    await sqlite.close();
    return sizes;
  },
});
