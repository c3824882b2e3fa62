import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { openTestDatabase } from '../../support/database.js';
import { until } from '../../support/fixtures/until.js';

const SCRIPT = fileURLToPath(new URL('../../support/processes/fenced-writer.mjs', import.meta.url));
const PROCESSES = 4;
const FAULTS = 16;
const TTL_MS = 400;

interface Entry {
  readonly number: number;
  readonly fence: number;
  readonly pid: number;
}

it('lets no two processes write under one lease, through kills and stops at random moments', async () => {
  const { file, writer, reader } = await openTestDatabase();
  await writer.query(
    'CREATE TABLE entry (id INTEGER PRIMARY KEY, number INTEGER, fence INTEGER, pid INTEGER) STRICT',
  );
  const children: ChildProcess[] = [];
  const acknowledged = new Set<number>();
  const complaints: string[] = [];
  let twice = 0;
  let stopping = false;
  onTestFinished(() => {
    stopping = true;
    for (const child of children) child.kill('SIGKILL');
  });
  const start = (place: number) => {
    const child = spawn(process.execPath, [SCRIPT, file, `${TTL_MS}ms`], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let rest = '';
    child.stdout.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        if (acknowledged.has(Number(line))) twice += 1;
        acknowledged.add(Number(line));
      }
    });
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk.toString()));
    child.on('exit', (code) => {
      if (code !== null && !stopping) complaints.push(`exit ${code}`);
    });
    children[place] = child;
  };
  for (let place = 0; place < PROCESSES; place += 1) start(place);
  const progress = (by: number) => {
    const goal = acknowledged.size + by;
    return until(() => acknowledged.size >= goal || complaints.length > 0);
  };

  await progress(10);
  for (let fault = 0; fault < FAULTS && complaints.length === 0; fault += 1) {
    // The one that writes now is the one worth stopping; sometimes another.
    const [newest] = await reader.query<Entry[]>('SELECT * FROM entry ORDER BY id DESC LIMIT 1');
    const writing = children.findIndex(({ pid }) => pid === newest!.pid);
    const place = writing >= 0 && Math.random() < 0.8 ? writing : Math.floor(Math.random() * PROCESSES);
    const child = children[place]!;
    if (fault % 2 === 0) {
      child.kill('SIGSTOP');
      // Stopped inside a transaction it holds the write lock of the file, and nobody can go on before it does.
      await Promise.race([progress(3), delay(4 * TTL_MS)]);
      child.kill('SIGCONT');
    } else {
      child.kill('SIGKILL');
      start(place);
    }
    await progress(5);
  }
  stopping = true;
  for (const child of children) child.kill('SIGKILL');

  const entries = await reader.query<Entry[]>('SELECT number, fence, pid FROM entry ORDER BY id');
  expect(complaints).toEqual([]);
  expect(twice).toBe(0);
  // Each holder saw what all before it had written: the numbers are without gap and without repetition.
  expect(entries.map(({ number }) => number)).toEqual(entries.map((_, index) => index + 1));
  const fences = entries.map(({ fence }) => fence);
  expect(fences).toEqual(fences.toSorted((a, b) => a - b));
  const holders = new Map<number, number>();
  for (const { fence, pid } of entries)
    expect(holders.set(fence, holders.get(fence) ?? pid).get(fence)).toBe(pid);
  expect([...acknowledged].filter((number) => number > entries.length)).toEqual([]);
  expect(await writer.query('PRAGMA quick_check')).toEqual([{ quick_check: 'ok' }]);
}, 60_000);
