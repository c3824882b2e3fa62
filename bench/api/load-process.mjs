// Asks for candles over HTTP, in a process of its own so that it shares no event loop with the server.
import { Agent, get } from 'node:http';
import { MINUTE } from '../support/candles.mjs';
import { serveTasks } from '../support/tasks.mjs';
import { LIMIT, PAGED, PAGES, windows } from './addresses.mjs';
import { assertAnswer } from './answers.mjs';
import { Connection } from './connection.mjs';

const agent = new Agent({ keepAlive: true });
/** Enough to find what stands behind the candles. */
const TAIL = 100;

/** @param {string} kind @returns {(from: number) => string} */
function pageOf(kind) {
  const page = PAGES[kind];
  if (!page) throw new Error(`no protocol ${kind}`);
  return page;
}

/** Windows that have not been asked for yet, by server and protocol. @type {Map<string, Iterator<number, void>>} */
const unasked = new Map();

/** @param {string} url @param {string} kind @param {number} rows @returns {() => number} */
function nextWindow(url, kind, rows) {
  const key = `${kind} ${url}`;
  const left = unasked.get(key) ?? windows(rows);
  unasked.set(key, left);
  return () => {
    const { value, done } = left.next();
    if (done || value === undefined) throw new Error(`${key}: every window has been asked for once`);
    return value;
  };
}

/**
 * An answer of any length.
 *
 * @param {string} url
 * @param {(chunk: Buffer) => void} [also]
 * @returns {Promise<{ bytes: number, tail: string }>} `tail` is the last of it
 */
function download(url, also = () => undefined) {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      let bytes = 0;
      /** @type {Buffer} */
      let tail = Buffer.alloc(0);
      response.on('data', (/** @type {Buffer} */ chunk) => {
        bytes += chunk.length;
        tail = chunk.length >= TAIL ? chunk.subarray(-TAIL) : Buffer.concat([tail, chunk]).subarray(-TAIL);
        also(chunk);
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve({ bytes, tail: String(tail) });
        else reject(new Error(`HTTP ${response.statusCode} from ${url}`));
      });
    });
    request.on('error', reject);
  });
}

/** @param {string} url */
async function wholeOf(url) {
  /** @type {Buffer[]} */
  const chunks = [];
  await download(url, (chunk) => chunks.push(chunk));
  return Buffer.concat(chunks);
}

/**
 * Page after page, each asked for when the one before is there.
 *
 * @param {{ url: string, kind: 'json' | 'plain', from: number, to: number, limit: number }} options
 * @param {(body: Buffer, from: number, count: number) => void} [check]
 */
async function pages({ url, kind, from, to, limit }, check) {
  let bytes = 0;
  for (let next = from; next < to;) {
    const address = url + PAGED[kind](next, to, limit);
    const count = Math.min(limit, (to - next) / MINUTE);
    /** @type {Buffer[]} */
    const chunks = [];
    const page = await download(address, check && ((chunk) => chunks.push(chunk)));
    bytes += page.bytes;
    check?.(Buffer.concat(chunks), next, count);
    // The plain way says nothing of a next page: its client reckons where it begins.
    if (kind === 'plain') next += count * MINUTE;
    else next = Number(/"next":(\d+)/.exec(page.tail)?.[1] ?? to);
  }
  return bytes;
}

serveTasks({
  /** Looks at one answer of `LIMIT` candles. */
  async check({ url, kind, rows }) {
    const from = nextWindow(url, kind, rows)();
    assertAnswer(kind, await wholeOf(url + pageOf(kind)(from)), from, LIMIT);
  },

  /**
   * Closed loop: each of the connections asks again as soon as it is answered, for the same window again and again, or
   * for another each time. What is refused counts by the time that it took, and not as answered.
   */
  async closed({ url, kind, rows, same, connections, seconds }) {
    const page = pageOf(kind);
    const next = nextWindow(url, kind, rows);
    const always = same ? page(next()) : '';
    /** @type {number[]} */
    const latencies = [];
    let failed = 0;
    const all = Array.from({ length: connections }, () => new Connection(url));
    const started = performance.now();
    const end = started + seconds * 1000;
    const loop = async (/** @type {Connection} */ connection) => {
      for (let asked = performance.now(); asked < end;) {
        const status = await connection.ask(same ? always : page(next()));
        const answered = performance.now();
        latencies.push(answered - asked);
        if (status !== 200) failed += 1;
        asked = answered;
      }
    };
    await Promise.all(all.map(loop));
    const took = (performance.now() - started) / 1000;
    for (const connection of all) connection.close();
    const rate = (latencies.length - failed) / took;
    return { rate, failed, latencies: Float64Array.from(latencies) };
  },

  /** One answer. @returns seconds to its last byte, and its bytes */
  async bulk({ address }) {
    const started = performance.now();
    const { bytes } = await download(address);
    return { seconds: (performance.now() - started) / 1000, bytes };
  },

  async bulkChecked({ address, kind, from, count }) {
    assertAnswer(kind, await wholeOf(address), from, count);
  },

  /** One history, page by page. @returns seconds to its last byte, and its bytes */
  async paged(options) {
    const started = performance.now();
    const bytes = await pages(options);
    return { seconds: (performance.now() - started) / 1000, bytes };
  },

  async pagedChecked(options) {
    await pages(options, (body, from, count) => assertAnswer(options.kind, body, from, count));
  },
});
