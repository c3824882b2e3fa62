// A program that is not ours: opens the file as it likes, and keeps a transaction open. Arguments: file, `read` or
// `write`, milliseconds.
import sqlite3 from 'sqlite3';

const [file, mode, ms] = process.argv.slice(2);
const database = new sqlite3.Database(file, sqlite3.OPEN_READWRITE);
const run = (sql) =>
  new Promise((resolve, reject) => {
    database.all(sql, (error, rows) => (error ? reject(error) : resolve(rows)));
  });

await run('PRAGMA busy_timeout = 20000');
await run('PRAGMA wal_autocheckpoint = 0');
await run(mode === 'write' ? 'BEGIN IMMEDIATE' : 'BEGIN');
await run('SELECT count(*) FROM series');
process.stdout.write('inside\n');
await new Promise((resolve) => setTimeout(resolve, Number(ms)));
await run('ROLLBACK');
await new Promise((resolve) => database.close(resolve));
