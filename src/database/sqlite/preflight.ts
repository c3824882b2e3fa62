import { constants } from 'node:fs';
import { access, mkdir, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../../common/errors.js';
import { DatabaseRefusedError } from '../database-errors.js';

/** The first version without the WAL reset race: https://www.sqlite.org/releaselog/3_51_3.html */
const MINIMUM_VERSION = [3, 51, 3] as const;

/** `f_type` of statfs(2), from linux/magic.h: filesystems that do not share memory and locks between hosts. */
const NETWORK_FILESYSTEMS: Readonly<Record<number, string>> = {
  0x6969: 'NFS',
  0x517b: 'SMB',
  0xff534d42: 'CIFS',
  0xfe534d42: 'SMB2',
  0x01021997: '9P',
  0x5346414f: 'AFS',
  0x00c36400: 'CephFS',
  0x0bd00bd0: 'Lustre',
  0x47504653: 'GPFS',
  0x73757245: 'Coda',
  0xbacbacbc: 'vmhgfs',
};

/** @throws DatabaseRefusedError `SQLITE_TOO_OLD` */
export function assertSqliteVersion(version: string): void {
  const actual = version.split('.').map(Number);
  for (const [index, minimum] of MINIMUM_VERSION.entries()) {
    const part = actual[index] ?? 0;
    if (part > minimum) return;
    if (part < minimum) {
      throw new DatabaseRefusedError(
        'SQLITE_TOO_OLD',
        `SQLite ${version} can corrupt a WAL that two connections use at once: ` +
          `${MINIMUM_VERSION.join('.')} or newer is needed. Reinstall the sqlite3 package.`,
      );
    }
  }
}

/** @throws DatabaseRefusedError `NETWORK_FILESYSTEM` when `directory` is on one */
export async function assertLocalFilesystem(
  directory: string,
  filesystemType = async (path: string) => (await statfs(path)).type,
): Promise<void> {
  const name = NETWORK_FILESYSTEMS[(await filesystemType(directory)) >>> 0];
  if (name !== undefined) {
    throw new DatabaseRefusedError(
      'NETWORK_FILESYSTEM',
      `${directory} is on a network filesystem (${name}), where SQLite's locks and shared memory do not hold: ` +
        'set DATABASE_URL to a path on a local disk.',
    );
  }
}

/**
 * Makes the directory of the database file where it is missing, and sees that both can be written.
 *
 * @throws DatabaseRefusedError `DATABASE_UNWRITABLE`, naming the path and what to do
 */
export async function assertWritable(file: string): Promise<void> {
  const directory = dirname(file);
  try {
    await makeDirectory(directory);
    await access(directory, constants.W_OK | constants.X_OK);
    if (await exists(file)) await access(file, constants.R_OK | constants.W_OK);
  } catch (cause) {
    const path = (cause as { path?: string }).path ?? directory;
    throw new DatabaseRefusedError(
      'DATABASE_UNWRITABLE',
      `${path} cannot be written (${errorCode(cause)}): SQLite writes the file and its -wal and -shm beside it. ` +
        'Give this user write permission on both, or set DATABASE_URL to another path.',
      cause,
    );
  }
}

/** Not `mkdir` with `recursive`: on a filesystem that lets nobody make a directory (/proc) Node repeats that for ever. */
async function makeDirectory(directory: string): Promise<void> {
  const make = () =>
    mkdir(directory).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error;
    });
  try {
    await make();
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || dirname(directory) === directory) throw error;
    await makeDirectory(dirname(directory));
    await make();
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
