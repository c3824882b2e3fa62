// Asks for candles over HTTP, in a process of its own so that it shares no event loop with the server.
import { Agent, get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { serveTasks } from './tasks.mjs';

const agent = new Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: 256 });
const EXPECTED = 1000;

/**
 * Takes the answer in without looking at it: what the load generator does is taken from the server on a small machine.
 *
 * @param {string} url
 * @param {(chunk: Buffer) => void} [take]
 * @returns {Promise<void>}
 */
function ask(url, take = () => undefined) {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      response.on('data', take);
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`HTTP ${response.statusCode} from ${url}`));
      });
    });
    request.on('error', (error) => {
      // The server may close an idle connection at the very moment at which it is used again.
      const closedIdle = request.reusedSocket && /** @type {any} */ (error).code === 'ECONNRESET';
      if (closedIdle) resolve(ask(url, take));
      else reject(error);
    });
  });
}

/** @param {string} url */
async function assertComplete(url) {
  /** @type {Buffer[]} */
  const chunks = [];
  await ask(url, (chunk) => chunks.push(chunk));
  const answer = JSON.parse(Buffer.concat(chunks).toString());
  const { length } = answer.candles ?? answer;
  if (length !== EXPECTED) throw new Error(`${length} candles came instead of ${EXPECTED}`);
}

serveTasks({
  /**
   * Open loop: a request every `1000 / rate` ms, whether or not earlier ones are answered. Each is counted from the
   * moment at which it was due. One that fails is an error, or where it may (a baseline that gives up under the load),
   * counted with the time until it did.
   */
  async open({ urls, rate, seconds, mayFail = false }) {
    await assertComplete(urls[0]);
    const latencies = new Float64Array(Math.round(rate * seconds));
    const failures = /** @type {string[]} */ ([]);
    const pending = [];
    const started = performance.now();
    for (let number = 0; number < latencies.length; number += 1) {
      const due = started + (number * 1000) / rate;
      const early = due - performance.now();
      if (early > 0) await delay(early);
      pending.push(
        ask(urls[number % urls.length])
          .catch((error) => failures.push(String(error)))
          .then(() => (latencies[number] = performance.now() - due)),
      );
    }
    await Promise.all(pending);
    if (failures.length > 0 && !mayFail)
      throw new Error(`${failures.length} requests failed, the first with ${failures[0]}`);
    return { latencies, failed: failures.length };
  },

  /** Closed loop: each of the connections asks again as soon as it is answered. @returns requests per second */
  async closed({ urls, connections, seconds }) {
    await assertComplete(urls[0]);
    let done = 0;
    const started = performance.now();
    const end = started + seconds * 1000;
    const connection = async (/** @type {number} */ offset) => {
      for (let number = offset; performance.now() < end; number += connections) {
        await ask(urls[number % urls.length]);
        done += 1;
      }
    };
    await Promise.all(Array.from({ length: connections }, (_, offset) => connection(offset)));
    return done / ((performance.now() - started) / 1000);
  },
});
