import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd, workDirectory } from '../at-end.js';

function mount(...parameters: string[]): string | null {
  const { status, stderr, error } = spawnSync('mount', parameters, { encoding: 'utf8' });
  return status === 0 ? null : (error?.message ?? stderr.trim());
}

/** Mounts a tmpfs of its own, gone at the end. @throws where it may not */
export function mountSmallDisk(mebibytes: number): string {
  const directory = join(workDirectory(), 'disk');
  mkdirSync(directory);
  const refusal = mount('-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=777`, 'tmpfs', directory);
  if (refusal !== null) throw new Error(refusal);
  atEnd(() => spawnSync('umount', ['--lazy', directory]));
  return directory;
}

/** From now on nobody may write there, root included. */
export function makeReadOnly(directory: string): void {
  const refusal = mount('-o', 'remount,ro', directory);
  if (refusal !== null) throw new Error(refusal);
}

/** Why no disk can be mounted here; null where one can. */
export function whyNoDisk(): string | null {
  const directory = workDirectory();
  const refusal = mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', directory);
  if (refusal === null) spawnSync('umount', [directory]);
  return refusal;
}
