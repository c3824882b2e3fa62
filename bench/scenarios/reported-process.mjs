// The reported service, or one part of it: the plain sqlite3 package on one connection, candles inserted row by row.
import { open as openFile, unlink } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { candlesFrom, MINUTE, NEWEST } from '../support/candles.mjs';
import { PlainSqlite } from '../support/plain-sqlite.mjs';
import { atStop, serveTasks } from '../support/tasks.mjs';
import { isLockError, requestLoop } from './request-loop.mjs';

const SCHEMA = [
  `CREATE TABLE IF NOT EXISTS candle (id INTEGER PRIMARY KEY, series_id INTEGER NOT NULL, open_time INTEGER NOT NULL,
    open TEXT NOT NULL, high TEXT NOT NULL, low TEXT NOT NULL, close TEXT NOT NULL, volume TEXT NOT NULL,
    UNIQUE (series_id, open_time))`,
  'CREATE TABLE IF NOT EXISTS bench_note (id INTEGER PRIMARY KEY, body TEXT NOT NULL)',
];
const INSERT = `INSERT INTO candle (series_id, open_time, open, high, low, close, volume) VALUES (?, ?, ?, ?, ?, ?, ?)`;
const ADD_NOTE = 'INSERT INTO bench_note (body) VALUES (?)';
const READ = 'SELECT * FROM candle WHERE series_id = ? ORDER BY open_time DESC LIMIT 1000';

/** @type {PlainSqlite} */
let connection;
/** @type {PlainSqlite} */
let readConnection;
let page = 0;

/** Inserts one page; the write lock is held for `holdMs`, or for as long as it takes where none is given. */
async function insertPage({ seriesId = 1, rows = 4000, holdMs = 0, rollback = false }) {
  page += 1;
  const started = performance.now();
  await connection.all('BEGIN');
  const insert = await connection.prepare(INSERT);
  try {
    for (const [index, candle] of candlesFrom(seriesId, NEWEST - page * 4000 * MINUTE, rows).entries()) {
      await insert.run([seriesId, ...Object.values(candle)]);
      const ahead = started + (holdMs * (index + 1)) / rows - performance.now();
      if (ahead > 5) await delay(ahead);
    }
    await connection.all(rollback ? 'ROLLBACK' : 'COMMIT');
    return { lockErrors: 0, ms: performance.now() - started };
  } catch (error) {
    await connection.all('ROLLBACK').catch(() => undefined);
    if (!isLockError(error)) throw error;
    return { lockErrors: 1, ms: performance.now() - started };
  } finally {
    await insert.end();
  }
}

/** @param {string | null} file @param {() => Promise<void>} work */
async function underLockFile(file, work) {
  if (file === null) return work();
  for (;;) {
    const handle = await openFile(file, 'wx').catch(() => null);
    if (handle) {
      try {
        return await work();
      } finally {
        await handle.close();
        await unlink(file);
      }
    }
    await delay(20);
  }
}

serveTasks({
  async open({ file, busyTimeout, autocheckpoint = 1000, separateReader = false, schema = true }) {
    connection = await PlainSqlite.open(file, { busyTimeout, autocheckpoint });
    if (schema) for (const statement of SCHEMA) await connection.all(statement);
    readConnection = separateReader
      ? await PlainSqlite.open(file, { busyTimeout, autocheckpoint })
      : connection;
    atStop(() => connection.close());
    if (separateReader) atStop(() => readConnection.close());
  },

  insertPage,

  /** Pages one after the other, with a pause in between as for the fetch of the next. */
  async collect({
    seconds,
    seriesId,
    rows,
    holdMs,
    rowsPerTransaction = rows,
    pauseMs = 0,
    lockFile = null,
  }) {
    const totals = { lockErrors: 0, worstMs: 0, candles: 0 };
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end) {
      await underLockFile(lockFile, async () => {
        for (let done = 0; done < rows; done += rowsPerTransaction) {
          const part = { seriesId, rows: rowsPerTransaction, holdMs: (holdMs * rowsPerTransaction) / rows };
          const { lockErrors, ms } = await insertPage(part);
          totals.lockErrors += lockErrors;
          totals.worstMs = Math.max(totals.worstMs, ms);
          if (lockErrors === 0) totals.candles += rowsPerTransaction;
        }
      });
      await delay(pauseMs);
    }
    return totals;
  },

  writes: ({ seconds, everyMs }) =>
    requestLoop({ seconds, everyMs, request: (number) => connection.all(ADD_NOTE, [`note ${number}`]) }),

  reads: ({ seconds, everyMs }) =>
    requestLoop({ seconds, everyMs, request: () => readConnection.all(READ, [1]) }),

  /** What API and collector do to each other on this one connection. */
  async sharedConnection({ holdMs }) {
    const collecting = insertPage({ holdMs, rollback: true });
    await delay(holdMs * 0.2);
    let refused = '';
    await connection.all('BEGIN').catch((error) => (refused = error.message));
    await connection.all(ADD_NOTE, ['acknowledged']);
    await collecting;
    const [{ kept }] = await connection.all(
      `SELECT count(*) AS kept FROM bench_note WHERE body = 'acknowledged'`,
    );
    return { refused, acknowledged: 1, lost: 1 - kept };
  },

  /** A read transaction that stays open. */
  async holdRead({ ms }) {
    await connection.all('BEGIN');
    await connection.all('SELECT count(*) FROM bench_note');
    await delay(ms);
    await connection.all('COMMIT');
  },

  /** Repeats a blocking checkpoint for as long as it is answered with "busy", as an impatient caller does. */
  async truncate({ seconds }) {
    const counts = { tries: 0, busy: 0 };
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end) {
      const [{ busy }] = await connection.all('PRAGMA wal_checkpoint(TRUNCATE)');
      counts.tries += 1;
      if (busy === 0) break;
      counts.busy += 1;
    }
    return counts;
  },
});
