// Many clients of the stream, in a process of their own.
import { connect } from 'node:net';
import { hrtime } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { serveTasks } from '../support/tasks.mjs';

/** Of one client: an event is about 200 bytes. */
const BUFFER = 8192;
/** Connections that are opened at once. */
const AT_ONCE = 50;
const EVENT = /event: closed\n[^]*?"candle":\[(\d+)[^]*?\n\n/g;

/** @type {Subscriber[]} */
let subscribers = [];

/** Reads events out of the bytes as they come: the frames that HTTP puts around them are passed over. */
class Subscriber {
  /** @param {string} url @param {string} path */
  constructor(url, path) {
    const { hostname, port, host } = new URL(url);
    /** When each candle came. @type {Map<number, number>} */
    this.came = new Map();
    this.twice = 0;
    this.text = '';
    this.isBegun = false;
    /** @type {(error: Error) => void} */
    this.onEnd = () => undefined;
    this.begun = new Promise((resolve, reject) => {
      this.onBegin = resolve;
      this.onEnd = reject;
    });
    this.socket = connect({
      host: hostname,
      port: Number(port),
      onread: {
        buffer: Buffer.allocUnsafe(BUFFER),
        callback: (size, buffer) => this.take(/** @type {Buffer} */ (buffer).toString('latin1', 0, size)),
      },
    });
    this.socket.on('error', this.onEnd);
    this.socket.on('close', () => this.onEnd(new Error(`the stream has ended: ${this.text}`)));
    this.socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  }

  /** @param {string} text */
  take(text) {
    const now = Number(hrtime.bigint()) / 1e6;
    this.text += text;
    if (!this.isBegun && this.text.includes('retry: ')) {
      this.isBegun = true;
      this.onBegin?.(undefined);
    }
    let end = 0;
    for (const match of this.text.matchAll(EVENT)) {
      const openTime = Number(match[1]);
      if (this.came.has(openTime)) this.twice += 1;
      else this.came.set(openTime, now);
      end = match.index + match[0].length;
    }
    if (end > 0) this.text = this.text.slice(end);
    return true;
  }
}

serveTasks({
  /** Resolves when all of them are being told. */
  async listen({ url, path, count }) {
    while (subscribers.length < count) {
      const some = Array.from(
        { length: Math.min(AT_ONCE, count - subscribers.length) },
        () => new Subscriber(url, path),
      );
      subscribers.push(...some);
      await Promise.all(some.map(({ begun }) => begun));
    }
  },

  /**
   * What has come of these candles, once all of it has or `waitMs` are over.
   *
   * @returns of each candle when each client had it, in ms of the machine's monotonic clock
   */
  async heard({ openTimes, waitMs }) {
    const has = () => subscribers.every(({ came }) => came.size >= openTimes.length);
    for (let waited = 0; !has() && waited < waitMs; waited += 20) await delay(20);
    return {
      twice: subscribers.reduce((sum, { twice }) => sum + twice, 0),
      times: openTimes.map((/** @type {number} */ openTime) =>
        Float64Array.from(subscribers.flatMap(({ came }) => came.get(openTime) ?? [])),
      ),
    };
  },

  hangUp() {
    for (const { socket } of subscribers) socket.destroy();
    subscribers = [];
  },
});
