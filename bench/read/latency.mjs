import { row } from '../support/results.mjs';
import { describeLatencies, median } from '../support/statistics.mjs';
import { withPostgres } from '../support/postgres.mjs';
import { withService } from '../support/service.mjs';
import { Worker, withWorkers } from '../support/worker.mjs';
import { addresses, ALL_MARKETS, copyDatabase, LONG_BACKFILL, pagePaths } from './requests.mjs';

const RATE = 100;
/** Long before the load begins, so that the backfill is under way. */
const SETTLE_MS = 1000;

/** @typedef {ReturnType<typeof describeLatencies>} Latencies */

/** @param {Worker} load @param {string[]} urls @param {number} seconds @returns {Promise<Latencies & { failed: number }>} */
async function openLoop(load, urls, seconds, mayFail = false) {
  await load.call('open', { urls, rate: RATE, seconds: Math.min(2, seconds), mayFail });
  const { latencies, failed } = await load.call('open', { urls, rate: RATE, seconds, mayFail });
  return { ...describeLatencies(latencies), failed };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, SETTLE_MS));

/** Medians over the rounds, figure by figure. @param {Latencies[]} rounds @returns {Latencies} */
function mediansOf(rounds) {
  const of = (/** @type {keyof Latencies} */ key) => median(rounds.map((round) => round[key]));
  return { p50: of('p50'), p99: of('p99'), p999: of('p999'), max: of('max') };
}

/** Backfill in another process: the service has the role `api`. @param {string} seed @param {any} sizes */
async function inAnotherProcess(seed, { readRounds, readSeconds, seedRows }) {
  const file = copyDatabase(seed);
  const workers = [new Worker('support/load-process.mjs'), new Worker('read/backfill-process.mjs')];
  const environment = { DATABASE_URL: `sqlite:${file}`, CRYPTOFLOW_ROLE: 'api' };
  return withWorkers(workers, (load, writer) =>
    withService(environment, async ({ url }) => {
      const urls = addresses(url, pagePaths(seedRows).service);
      await writer.call('open', { file });
      const [idle, busy] = [/** @type {Latencies[]} */ ([]), /** @type {Latencies[]} */ ([])];
      let candles = 0;
      for (let round = 0; round < readRounds; round += 1) {
        idle.push(await openLoop(load, urls, readSeconds));
        await writer.call('start');
        await settle();
        busy.push(await openLoop(load, urls, readSeconds));
        const backfilled = await writer.call('pause');
        assertBackfilled(backfilled.candles, readSeconds);
        candles += backfilled.candles;
      }
      return { idle: mediansOf(idle), busy: mediansOf(busy), candles };
    }),
  );
}

/** Backfill in the same process: the service has the role `all`. @param {string} seed @param {any} sizes */
async function inTheSameProcess(seed, { readRounds, readSeconds, seedRows }) {
  const paths = pagePaths(seedRows).service;
  return withWorkers([new Worker('support/load-process.mjs')], async (load) => {
    const measure = (/** @type {string} */ backfill) => {
      const environment = {
        // New each time: a fire time of the backfill that has been run is not run again.
        DATABASE_URL: `sqlite:${copyDatabase(seed)}`,
        CRYPTOFLOW_MARKETS: ALL_MARKETS,
        CRYPTOFLOW_BACKFILL: backfill,
      };
      return withService(environment, async ({ url }) => {
        await settle();
        const latencies = await openLoop(load, addresses(url, paths), readSeconds);
        return { latencies, candles: await countCandles(url) };
      });
    };
    const [idle, busy] = [/** @type {Latencies[]} */ ([]), /** @type {Latencies[]} */ ([])];
    let candles = 0;
    for (let round = 0; round < readRounds; round += 1) {
      idle.push((await measure('1h')).latencies);
      const backfilled = await measure(LONG_BACKFILL);
      busy.push(backfilled.latencies);
      assertBackfilled(backfilled.candles, readSeconds);
      candles += backfilled.candles;
    }
    return { idle: mediansOf(idle), busy: mediansOf(busy), candles };
  });
}

/** A backfill that stood still would make every figure look well. @param {number} candles @param {number} seconds */
function assertBackfilled(candles, seconds) {
  if (candles < seconds * 1000) throw new Error(`only ${candles} candles were backfilled in ${seconds} s`);
}

/** Candles kept of the simulator's markets. @param {string} url @returns {Promise<number>} */
export async function countCandles(url) {
  const response = await fetch(`${url}/api/v1/series`);
  /** @type {any} */
  const { series } = await response.json();
  return series
    .filter((/** @type {any} */ { exchange }) => exchange === 'simulator')
    .reduce((/** @type {number} */ sum, /** @type {any} */ { count }) => sum + count, 0);
}

/** Idle, and with a backfill in the same process, one round: what the figures are compared with. */
async function ofPlainServer(
  /** @type {object} */ options,
  /** @type {any} */ { baselineReadSeconds, seedRows },
) {
  const workers = [
    new Worker('support/load-process.mjs'),
    new Worker('read/plain-server-process.mjs', { threads: 'default' }),
  ];
  return withWorkers(workers, async (load, server) => {
    const urls = addresses(await server.call('start', { ...options, seedRows }), pagePaths(seedRows).plain);
    const idle = await openLoop(load, urls, baselineReadSeconds, true);
    await server.call('startBackfill');
    await settle();
    const busy = await openLoop(load, urls, baselineReadSeconds, true);
    await server.call('pause');
    return { idle, busy, failed: idle.failed + busy.failed };
  });
}

/**
 * Reads at 100 a second, idle and during a full-speed backfill.
 *
 * @param {string} seed
 * @param {any} sizes
 * @param {(text: string) => void} say
 */
export async function latency(seed, sizes, say) {
  say('100 reads a second, backfill in another process');
  const other = await inAnotherProcess(seed, sizes);
  say('100 reads a second, backfill in the same process');
  const same = await inTheSameProcess(seed, sizes);
  say('100 reads a second, the reported configuration');
  const reported = await ofPlainServer({ kind: 'reported', file: copyDatabase(seed) }, sizes);
  say('100 reads a second, entities on the writer’s connection');
  const entities = await ofPlainServer({ kind: 'entities', file: copyDatabase(seed) }, sizes);
  say('100 reads a second, PostgreSQL');
  const postgres = await withPostgres(async (url) =>
    url === null ? null : ofPlainServer({ kind: 'postgres', url }, sizes),
  );

  const baselines = [
    { name: 'reported configuration', figures: reported },
    { name: 'entities on the writer’s connection', figures: entities },
    { name: 'PostgreSQL 18, entities', figures: postgres },
  ];
  const failing = baselines.filter(({ figures }) => figures && figures.failed > 0);
  return {
    rows: [
      ...againstIdle('another process', other, { under: 15, ratioAtMost: 2 }),
      ...againstIdle('the same process', same, { under: 25, ratioAtMost: 3 }),
      ...baselines.map(({ name, figures }) =>
        row({
          what: 'read p99, backfill in the same process',
          value: same.busy.p99,
          unit: 'ms',
          baseline: `${name}, also backfilling`,
          baselineValue: figures?.busy.p99 ?? null,
        }),
      ),
      ...baselines.map(({ name, figures }) =>
        row({
          what: 'read p99, idle',
          value: other.idle.p99,
          unit: 'ms',
          baseline: `${name}, idle`,
          baselineValue: figures?.idle.p99 ?? null,
        }),
      ),
    ],
    panel: /** @type {import('../support/results.mjs').Panel} */ ({
      title: '1,000 candles, 100 requests a second during a full-speed backfill: p99',
      unit: 'ms',
      better: 'lower',
      bars: [
        { name: 'CryptoFlow, other process', value: other.busy.p99, ours: true },
        { name: 'CryptoFlow, same process', value: same.busy.p99, ours: true },
        ...baselines.flatMap(({ name, figures }) => (figures ? [{ name, value: figures.busy.p99 }] : [])),
      ],
    }),
    notes: [
      `Open loop, medians of ${sizes.readRounds} paired rounds of ${sizes.readSeconds} s (baselines: one of ${sizes.baselineReadSeconds} s); ` +
        `the backfills stored ${other.candles.toLocaleString('en')} candles in the other process and ${same.candles.toLocaleString('en')} in the same.`,
      ...failing.map(
        ({ name, figures }) =>
          `Of the ${2 * RATE * sizes.baselineReadSeconds} requests to the baseline “${name}” ${figures?.failed} failed; they count with the time until they did.`,
      ),
    ],
  };
}

/** @param {string} where @param {{ idle: Latencies, busy: Latencies }} figures @param {object} limits of the p99 */
function againstIdle(where, { idle, busy }, limits) {
  const names = /** @type {const} */ ({ p50: 'p50', p99: 'p99', p999: 'p99.9', max: 'maximum' });
  return Object.entries(names).map(([key, name]) => {
    const one = /** @type {keyof Latencies} */ (key);
    return row({
      what: `read ${name}, backfill in ${where}`,
      value: busy[one],
      unit: 'ms',
      baseline: 'idle',
      baselineValue: idle[one],
      ...(one === 'p99' && { limits }),
    });
  });
}
