import { SqliteConnection } from '../../../src/database/sqlite/sqlite-connection.js';
import { atEnd } from '../at-end.js';

/** A page of the default size and its header, as they stand in the WAL. */
const FRAME_BYTES = 4096 + 24;
const POLL_MS = 25;

export interface WalWatch {
  /** The most bytes that the WAL has held so far, by its frames: the size of its file tells less. */
  highest(): number;
}

/** Looks at the WAL on a connection of its own, until the end of the test. */
export async function watchWal(file: string): Promise<WalWatch> {
  const connection = await SqliteConnection.open(file, 'rw');
  let highest = 0;
  let looking: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking.then(async () => {
      const [state] = await connection.all<{ log: number }>('PRAGMA wal_checkpoint(NOOP)');
      highest = Math.max(highest, state!.log * FRAME_BYTES);
    });
  }, POLL_MS);
  atEnd(async () => {
    clearInterval(timer);
    await looking;
    await connection.close();
  });
  return { highest: () => highest };
}
