import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, copyFileSync, openSync, truncateSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { atEnd } from '../support/at-end.js';
import { openTestDatabase } from '../support/database.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const SCRIPT = resolve('test/support/fault/acknowledging-writer.mjs');
const COMMITS = 40;

/** A database and a WAL as SIGKILL leaves them. @returns the size of the WAL after each commit */
async function writeAndKill(file: string): Promise<number[]> {
  const child = spawn(process.execPath, [SCRIPT, file, String(COMMITS)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  atEnd(() => child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  const sizes: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    sizes.push(Number(line));
    if (sizes.length === COMMITS) break;
  }
  child.kill('SIGKILL');
  await exited;
  return sizes;
}

function garble(file: string, at: number): void {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Buffer.alloc(64, 0xee), 0, 64, at);
  closeSync(descriptor);
}

it('a WAL with a torn tail opens at its last whole commit, whatever was torn', async () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'killed.db');
  const { writer, reader } = await openTestDatabase({ file });
  await reader.destroy();
  await writer.destroy(); // the last to close it moves the WAL into the file
  const sizes = await writeAndKill(file);
  expect(sizes).toHaveLength(COMMITS);

  const cases: Array<{ what: string; kept: number; tear: (wal: string) => void }> = [
    { what: 'nothing', kept: COMMITS, tear: () => undefined },
    ...[COMMITS - 1, 27, 1].flatMap((kept) => {
      const [end, next] = [sizes[kept - 1]!, sizes[kept]!];
      return [
        { what: 'cut off right behind a commit', kept, tear: (wal: string) => truncateSync(wal, end) },
        {
          what: 'cut off in mid-frame',
          kept,
          tear: (wal: string) => truncateSync(wal, end + Math.floor((next - end) / 2)),
        },
        { what: 'without its last byte', kept, tear: (wal: string) => truncateSync(wal, next - 1) },
        { what: 'garbled, and valid again behind', kept, tear: (wal: string) => garble(wal, next - 100) },
        { what: 'with a garbled header of a frame', kept, tear: (wal: string) => garble(wal, end) },
      ];
    }),
  ];
  for (const [index, { what, kept, tear }] of cases.entries()) {
    const copy = join(directory, `${index}.db`);
    copyFileSync(file, copy);
    copyFileSync(`${file}-wal`, `${copy}-wal`);
    tear(`${copy}-wal`);

    const opened = await openTestDatabase({ file: copy });
    const rows = await opened.reader.query<Array<{ slot: number; n: number }>>(
      'SELECT slot, count(*) AS n FROM job_run GROUP BY slot ORDER BY slot',
    );
    const whole = Array.from({ length: kept }, (_, commit) => ({ slot: commit + 1, n: 2 }));
    expect(rows, `${what}, after ${kept} commits`).toEqual(whole);
    expect(await opened.writer.query('PRAGMA quick_check')).toEqual([{ quick_check: 'ok' }]);
    // And it goes on from there.
    await opened.writer.query(
      `INSERT INTO job_run (name, slot, fence, started_at) VALUES ('after', 0, 1, 0)`,
    );
    await opened.reader.destroy();
    await opened.writer.destroy();
  }
});
