import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { atEnd } from '../at-end.js';

const SCRIPT = fileURLToPath(new URL('wal-recovery.py', import.meta.url));

/** Another process is recovering the WAL until the returned function is called: who reads waits inside SQLite. */
export async function beginRecovery(file: string): Promise<() => Promise<void>> {
  const child = spawn('python3', [SCRIPT, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  atEnd(() => child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  const began = await Promise.race([once(child.stdout, 'data').then(() => true), exited.then(() => false)]);
  if (!began) throw new Error(`python3 ended with ${child.exitCode}`);
  return async () => {
    child.stdin.end();
    await exited;
  };
}
