import { readFile, stat } from 'node:fs/promises';

/** Bytes of the `-shm` file that SQLite locks: https://www.sqlite.org/walformat.html#wal_locks */
const WRITE_LOCK = 120;
const FIRST_READ_LOCK = 123;
const LAST_READ_LOCK = 127;

/** Who holds the locks of a WAL database, by process id: this process's own connections included. */
export interface LockHolders {
  /** The process inside a write transaction. */
  readonly writer: number | null;
  /** Processes inside a read transaction. */
  readonly readers: readonly number[];
}

/**
 * Reads the holders from /proc/locks (proc_locks(5)).
 *
 * @returns null where the system does not tell: no Linux, or no `-shm` file yet
 */
export async function lockHolders(file: string): Promise<LockHolders | null> {
  try {
    const [{ ino }, locks] = await Promise.all([stat(`${file}-shm`), readFile('/proc/locks', 'utf8')]);
    return parseLocks(locks, ino);
  } catch {
    return null;
  }
}

/** @param locks the text of /proc/locks: `1: POSIX  ADVISORY  WRITE 15950 fe:00:2146417 120 120` */
export function parseLocks(locks: string, inode: number): LockHolders {
  let writer: number | null = null;
  const readers = new Set<number>();
  for (const line of locks.split('\n')) {
    const [, kind, , mode, pid, place, start, end] = line.trim().split(/\s+/);
    // A line with an arrow is somebody who waits.
    if (kind !== 'POSIX' || place?.split(':').at(-1) !== String(inode)) continue;
    const [first, last] = [Number(start), end === 'EOF' ? Infinity : Number(end)];
    if (mode === 'WRITE' && first <= WRITE_LOCK && WRITE_LOCK <= last) writer = Number(pid);
    if (mode === 'READ' && first <= LAST_READ_LOCK && FIRST_READ_LOCK <= last) readers.add(Number(pid));
  }
  return { writer, readers: [...readers] };
}
