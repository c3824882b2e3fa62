import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const atFileEnd: Array<() => unknown> = [];

/** After the last test of every file, by `setup.ts`: this module may be loaded once for many files. */
export async function cleanUpFile(): Promise<void> {
  for (const clean of atFileEnd.splice(0).toReversed()) await clean();
}

/** Runs `clean` when the present test has finished; when called in `beforeAll`, after the last test of the file. */
export function atEnd(clean: () => unknown): void {
  try {
    onTestFinished(async () => void (await clean()));
  } catch {
    atFileEnd.push(clean); // no test is running
  }
}

/** A new empty directory, removed at the end; unlike `temporaryDirectory` it may be asked for in `beforeAll`. */
export function workDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'cryptoflow-e2e-'));
  atEnd(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
