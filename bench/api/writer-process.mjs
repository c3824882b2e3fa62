// A collector without a network: commits one closed candle after the other, at a fixed rate.
import { hrtime } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { candlesFrom, MINUTE, NEWEST } from '../support/candles.mjs';
import { benchSeries, openCryptoFlow } from '../support/cryptoflow.mjs';
import { atStop, serveTasks } from '../support/tasks.mjs';

/** Off the beat by up to so much: who looks for changes at a fixed rate is met at every moment of its turn. */
const JITTER_MS = 50;
/** A turn of the golden angle spreads any number of them evenly. */
const GOLDEN = 0.618_034;

/** @type {import('../support/cryptoflow.mjs').CryptoFlow} */
let cryptoflow;
/** @type {any} */
let series;
/** @type {any} */
let lease;
let stored = 0;

serveTasks({
  async open({ file }) {
    cryptoflow = await openCryptoFlow(file);
    [series] = await benchSeries(cryptoflow, 1);
    lease = await cryptoflow.locks.acquire(`series:${series.id}`);
    if (!lease) throw new Error('another holds the lease of the series');
    atStop(async () => {
      await cryptoflow.locks.release(lease);
      await cryptoflow.close();
    });
  },

  /**
   * Open loop: a candle each `everyMs`, whether or not the one before is stored.
   *
   * @returns of each candle, its open time, when its COMMIT began, and when it was acknowledged, in ms of the machine's
   *   monotonic clock
   */
  async commit({ count, everyMs }) {
    const started = performance.now();
    /** @type {Array<Promise<{ openTime: number, begun: number, done: number }>>} */
    const commits = [];
    for (let number = 0; number < count; number += 1) {
      const due = started + number * everyMs + ((number * GOLDEN) % 1) * JITTER_MS;
      await delay(Math.max(0, due - performance.now()));
      commits.push(commitNext());
    }
    return Promise.all(commits);
  },
});

async function commitNext() {
  const openTime = NEWEST + stored * MINUTE;
  stored += 1;
  const candles = candlesFrom(series.id, openTime, 1);
  const spans = [{ from: openTime, to: openTime + MINUTE, state: 'have' }];
  let begun = 0;
  // The last that is done inside of the transaction.
  const also = async () => void (begun = now());
  await cryptoflow.store.commit(lease, { series, candles, spans }, { lane: 'live', also });
  return { openTime, begun, done: now() };
}

function now() {
  return Number(hrtime.bigint()) / 1e6;
}
