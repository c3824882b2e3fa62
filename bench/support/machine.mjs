import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import sqlite3 from 'sqlite3';

/** What the figures were taken on. */
export function describeMachine() {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    sqlite: sqlite3.VERSION,
    sqliteCommandLine: commandLineVersion(),
  };
}

/** The version of the `sqlite3` command line, or null where there is none. */
export function commandLineVersion() {
  try {
    return execFileSync('sqlite3', ['--version'], { encoding: 'utf8' }).split(' ')[0] ?? null;
  } catch {
    return null;
  }
}
