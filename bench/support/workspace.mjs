import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @type {string | undefined} */
let workspace;
let count = 0;

/** A new folder on the disk of the temporary files, removed when the run ends. @param {string} name */
export function workFolder(name) {
  if (workspace === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'cryptoflow-bench-'));
    workspace = made;
    process.on('exit', () => rmSync(made, { recursive: true, force: true, maxRetries: 5 }));
  }
  const folder = join(workspace, `${(count += 1)}-${name}`);
  mkdirSync(folder);
  return folder;
}

/** Its disk is wanted back before the run ends. @param {string} folder */
export function removeFolder(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
