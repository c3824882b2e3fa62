import { DatabaseNotReadyError, DatabaseRefusedError } from '../database-errors.js';
import { OWN_PREFIX } from './migrations.js';

/**
 * Compares the migrations that the database has seen with those that the program knows.
 *
 * @throws DatabaseRefusedError `NEWER_SCHEMA` when the database has seen one of ours that this program does not know
 */
export function assertNotNewer(file: string, executed: readonly string[], known: readonly string[]): void {
  const strange = executed.filter((name) => name.startsWith(OWN_PREFIX) && !known.includes(name));
  if (strange.length > 0) {
    throw new DatabaseRefusedError(
      'NEWER_SCHEMA',
      `${file} was made by a newer version (it has ${strange.join(', ')}): ` +
        'start that version or a later one, or restore a backup from before the upgrade.',
    );
  }
}

/** @throws DatabaseNotReadyError when a migration is still to be run; DatabaseRefusedError `NEWER_SCHEMA` */
export function assertCurrent(file: string, executed: readonly string[], known: readonly string[]): void {
  assertNotNewer(file, executed, known);
  const pending = known.filter((name) => !executed.includes(name));
  if (pending.length > 0) {
    throw new DatabaseNotReadyError(
      file,
      `waiting for a process that may write (role all or collector) to run ${pending.join(', ')}`,
    );
  }
}
