// A program that is none of ours: keeps a transaction open on the file until its standard input ends.
// Arguments: the database file; `read` or `write`.
import sqlite3 from 'sqlite3';

const [, , file, kind] = process.argv;
const database = new sqlite3.Database(file, sqlite3.OPEN_READWRITE);
const run = (sql) =>
  new Promise((resolve, reject) => database.all(sql, (error) => (error ? reject(error) : resolve())));

await run('PRAGMA busy_timeout = 20000');
await run('PRAGMA wal_autocheckpoint = 0');
await run(kind === 'write' ? 'BEGIN IMMEDIATE' : 'BEGIN');
await run(kind === 'write' ? 'PRAGMA user_version = 7' : 'SELECT count(*) FROM series');
process.stdout.write('open\n');
for await (const _ of process.stdin);
await run('ROLLBACK');
database.close();
