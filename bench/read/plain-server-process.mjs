// A bare HTTP server around one of the ways to read that CryptoFlow is compared with.
import { createServer } from 'node:http';
import { atStop, serveTasks } from '../support/tasks.mjs';
import { WAYS } from './ways.mjs';

/** As Fastify has it. */
const KEEP_ALIVE_MS = 72_000;

/** @type {import('./ways.mjs').Way} */
let way;
const state = { backfilling: false };
/** @type {Promise<void>} */
let ended = Promise.resolve();
let page = 0;

async function backfill() {
  while (state.backfilling) await way.store((page += 1));
}

async function pause() {
  state.backfilling = false;
  await ended;
  return page;
}

/** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
async function answer(request, response) {
  const { searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  try {
    const body = await way.read(Number(searchParams.get('from')));
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.setHeader('content-length', Buffer.byteLength(body));
    response.end(body);
  } catch (error) {
    console.error(error);
    response.writeHead(500).end();
  }
}

serveTasks({
  /** @returns where it listens */
  async start({ kind, ...options }) {
    way = await WAYS[/** @type {keyof typeof WAYS} */ (kind)](options);
    atStop(async () => {
      await pause();
      await way.close();
    });
    const server = createServer((request, response) => void answer(request, response));
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    return `http://127.0.0.1:${port}`;
  },

  startBackfill() {
    state.backfilling = true;
    ended = backfill();
  },

  pause,
});
