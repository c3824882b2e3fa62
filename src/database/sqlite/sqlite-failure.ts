/**
 * What an error of SQLite means for who writes.
 *
 * - `retry`: another has the lock; asked again.
 * - `bug`: cannot come where it came, if we keep our own rules; counted.
 * - `degraded`: the disk or its rights; writing fails until somebody mends it, and is tried again.
 * - `stop`: the file is damaged; nothing more is written.
 * - `caller`: the statement was wrong, and no more than that.
 */
export type FailureClass = 'retry' | 'bug' | 'degraded' | 'stop' | 'caller';

const CLASSES: Readonly<Record<string, FailureClass>> = {
  SQLITE_BUSY: 'bug',
  SQLITE_LOCKED: 'bug',
  SQLITE_MISUSE: 'bug',
  SQLITE_FULL: 'degraded',
  SQLITE_IOERR: 'degraded',
  SQLITE_READONLY: 'degraded',
  SQLITE_CANTOPEN: 'degraded',
  SQLITE_NOMEM: 'degraded',
  SQLITE_PERM: 'degraded',
  SQLITE_NOLFS: 'degraded',
  SQLITE_CORRUPT: 'stop',
  SQLITE_NOTADB: 'stop',
};

/**
 * @param code result code, as `SQLITE_FULL`: https://www.sqlite.org/rescode.html
 * @param atBegin whether it came from a statement that has no effect when it fails with BUSY
 */
export function classifyFailure(code: string, { atBegin }: { atBegin: boolean }): FailureClass {
  if (code === 'SQLITE_BUSY' && atBegin) return 'retry';
  return CLASSES[code] ?? 'caller';
}
