// Fills the WAL of a database, in many commits that nothing moves into the file, then says so and waits to be killed.
// Arguments: the database file, mebibytes.
import { statSync } from 'node:fs';
import sqlite3 from 'sqlite3';

const MIB = 1024 * 1024;
const [, , file, mebibytes] = process.argv;
const database = new sqlite3.Database(file, sqlite3.OPEN_READWRITE);
const run = (sql) =>
  new Promise((resolve, reject) => database.all(sql, (error) => (error ? reject(error) : resolve())));

await run('PRAGMA wal_autocheckpoint = 0');
await run('PRAGMA synchronous = OFF');
await run('CREATE TABLE IF NOT EXISTS filling (id INTEGER PRIMARY KEY, load BLOB)');
while (statSync(`${file}-wal`).size < Number(mebibytes) * MIB) {
  await run(`INSERT INTO filling (load) VALUES (zeroblob(${4 * MIB}))`);
}
process.stdout.write('full\n');
process.stdin.resume();
