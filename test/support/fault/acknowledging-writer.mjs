// Commits one row after the other with the settings of the writer, and prints after each commit how large the WAL is by
// then. Nothing moves the WAL into the file. Arguments: the database file; how many rows before it waits to be killed.
import { statSync } from 'node:fs';
import { SqliteConnection } from '../../../dist/database/sqlite/sqlite-connection.js';
import { applyPragmas, WRITER_PRAGMAS } from '../../../dist/database/sqlite/pragmas.js';

const [, , file, count] = process.argv;
const connection = await SqliteConnection.open(file, 'rw');
await applyPragmas(connection, WRITER_PRAGMAS);
for (let slot = 1; slot <= Number(count); slot += 1) {
  await connection.run('BEGIN IMMEDIATE');
  // Two rows far from each other in every commit: half of one would be seen.
  for (const name of ['first', 'second']) {
    await connection.run('INSERT INTO job_run (name, slot, fence, started_at) VALUES (?, ?, 1, 0)', [
      name,
      slot,
    ]);
  }
  await connection.run('COMMIT');
  process.stdout.write(`${statSync(`${file}-wal`).size}\n`);
}
process.stdin.resume();
