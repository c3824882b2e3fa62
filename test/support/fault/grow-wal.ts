import { SqliteConnection } from '../../../src/database/sqlite/sqlite-connection.js';

/** Writes so many mebibytes to a table of its own, as a program that is none of ours would: into the WAL. */
export async function growWal(file: string, mebibytes: number): Promise<void> {
  const connection = await SqliteConnection.open(file, 'rw');
  try {
    await connection.all('PRAGMA busy_timeout = 20000');
    await connection.all('PRAGMA wal_autocheckpoint = 0');
    await connection.run('CREATE TABLE IF NOT EXISTS foreign_load (id INTEGER PRIMARY KEY, load BLOB)');
    for (let written = 0; written < mebibytes; written += 1) {
      await connection.run('INSERT INTO foreign_load (load) VALUES (randomblob(1048576))');
    }
  } finally {
    await connection.close();
  }
}
