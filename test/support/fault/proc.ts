import { readdirSync, readFileSync, statSync } from 'node:fs';
import { parseLocks } from '../../../src/database/sqlite/lock-holders.js';

/** Signals stop processes and /proc tells of them as these tests need it on Linux only. */
export const NO_LINUX = process.platform === 'linux' ? false : 'reads /proc, which only Linux has';

/** Whether every thread of the process has stopped: SIGSTOP reaches them one after the other. */
export function isStopped(pid: number): boolean {
  return threadStates(pid).every((state) => state === 'T');
}

/** Whether the process has ended: it is gone, or waits to be reaped. */
export function isGone(pid: number): boolean {
  return threadStates(pid).every((state) => state === 'Z' || state === 'X');
}

function threadStates(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap(
      (thread) => stateOf(`/proc/${pid}/task/${thread}/stat`) ?? [],
    );
  } catch {
    return [];
  }
}

function stateOf(path: string): string | null {
  try {
    const stat = readFileSync(path, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3); // the name before it may hold spaces
  } catch {
    return null;
  }
}

/** The process that holds the write lock of a WAL database at this moment: it is inside a write transaction. */
export function writerOf(file: string): number | null {
  try {
    return parseLocks(readFileSync('/proc/locks', 'utf8'), statSync(`${file}-shm`).ino).writer;
  } catch {
    return null; // no -shm: nobody has the file open
  }
}

/** Waits without giving the event loop a turn: for moments inside a transaction of a few milliseconds. */
export function spin(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
