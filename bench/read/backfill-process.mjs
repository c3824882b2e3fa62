// A collector without a network: commits pages of several series as fast as the database takes them, until told to stop.
import { MINUTE, NEWEST } from '../support/candles.mjs';
import { benchSeries, commitPage, openCryptoFlow } from '../support/cryptoflow.mjs';
import { atStop, serveTasks } from '../support/tasks.mjs';
import { requestLoop } from '../scenarios/request-loop.mjs';

/** As the exchanges' pages are. */
const PER_PAGE = 1000;

/** @type {import('../support/cryptoflow.mjs').CryptoFlow} */
let cryptoflow;
/** @type {any[]} */
let series;
let stored = 0;
let page = 0;
const state = { running: false };
/** @type {Promise<unknown>} */
let ended = Promise.resolve();

/** @param {any} own */
async function backfill(own) {
  const lease = await cryptoflow.locks.acquire(`series:${own.id}`);
  while (state.running) {
    page += 1;
    await commitPage(cryptoflow, {
      lease,
      series: own,
      from: NEWEST - page * PER_PAGE * MINUTE,
      rows: PER_PAGE,
    });
    stored += PER_PAGE;
  }
  await cryptoflow.locks.release(lease);
}

async function pause() {
  state.running = false;
  await ended;
  return { candles: stored, lockErrors: cryptoflow.statistics.timeoutsTotal };
}

serveTasks({
  async open({ file }) {
    cryptoflow = await openCryptoFlow(file);
    series = await benchSeries(cryptoflow);
    atStop(async () => {
      await pause();
      await cryptoflow.close();
    });
  },

  /** The first series, when it is there already, is the readers'. */
  async seed({ rows }) {
    const [own] = series;
    const lease = await cryptoflow.locks.acquire(`series:${own.id}`);
    for (let done = 0; done < rows; done += PER_PAGE) {
      await commitPage(cryptoflow, {
        lease,
        series: own,
        from: NEWEST - (done + PER_PAGE) * MINUTE,
        rows: PER_PAGE,
      });
    }
    await cryptoflow.locks.release(lease);
  },

  /** @param {{ from?: number, to?: number }} seriesRange which of the eight series */
  start({ from = 1, to = 5 }) {
    state.running = true;
    stored = 0;
    ended = Promise.all(series.slice(from, to).map(backfill));
  },

  pause,

  /** Live syncs at a fixed rate. @returns how long each waited, in ms, until it was inside its transaction */
  async sync({ seconds, everyMs }) {
    const own = series[7];
    const lease = await cryptoflow.locks.acquire(`series:${own.id}`);
    const waits = /** @type {number[]} */ ([]);
    await requestLoop({
      seconds,
      everyMs,
      request: async () => {
        const asked = performance.now();
        const also = async () => void waits.push(performance.now() - asked);
        await cryptoflow.store.commit(lease, { series: own, candles: [], spans: [] }, { lane: 'live', also });
      },
    });
    await cryptoflow.locks.release(lease);
    return waits;
  },
});
