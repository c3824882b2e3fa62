import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { atEnd } from '../at-end.js';

const SCRIPT = fileURLToPath(new URL('foreign-transaction.mjs', import.meta.url));

export interface ForeignTransaction {
  readonly pid: number;
  /** Rolls back, and resolves when the process is gone. */
  end(): Promise<void>;
}

/** A process that is none of ours, inside a transaction on `file` until it is told to end. */
export async function openForeignTransaction(
  file: string,
  kind: 'read' | 'write',
): Promise<ForeignTransaction> {
  const child = spawn(process.execPath, [SCRIPT, file, kind], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  atEnd(() => child.kill('SIGKILL'));
  const opened = await Promise.race([once(child.stdout, 'data').then(() => true), exited.then(() => false)]);
  if (!opened) throw new Error(`the foreign process ended with ${child.exitCode}`);
  return {
    pid: child.pid!,
    end: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
