import { setTimeout as delay } from 'node:timers/promises';
import { figure, row } from '../support/results.mjs';
import { highest } from '../support/statistics.mjs';
import { startService } from '../support/service.mjs';
import { Worker, withWorkers } from '../support/worker.mjs';
import { workFolder } from '../support/workspace.mjs';
import { exchangeOptions, planSeries, someOf, STEPS } from './plan.mjs';
import { profiledInto, readShares } from './shares.mjs';

const SAMPLE_MS = 100;

const percent = (/** @type {number} */ share) => `${figure(share * 100)} %`;

/**
 * A backfill of many markets through ccxt, from an exchange on this machine that answers at once.
 *
 * @param {import('../support/options.mjs').Sizes} sizes
 * @param {(text: string) => void} say
 * @returns {Promise<import('../support/results.mjs').Report>}
 */
export async function backfill(sizes, say) {
  const plan = planSeries(sizes);
  const symbols = plan.series.map(({ symbol }) => symbol);
  const workers = [
    new Worker('backfill/exchange-process.mjs'),
    new Worker('backfill/plain-ccxt-process.mjs'),
  ];
  return withWorkers(workers, async (exchange, plain) => {
    const url = await exchange.call('open', { symbols, since: plan.since });
    say(
      `${symbols.length} series since ${new Date(plan.since).toISOString()}, through ccxt into the database`,
    );
    const ours = await collect(url, plan);
    const asked = await exchange.call('counts');
    say('the same pages by ccxt alone');
    const alone = await plain.call('fetch', { url, plan });
    say('some of the series once more, with a profiler');
    const shares = await profile(url, someOf(plan));
    return report(ours, asked, { alone, shares });
  });
}

/**
 * Runs the service until all series are complete.
 *
 * @param {string} url
 * @param {import('./plan.mjs').Plan} plan
 * @param {string[]} [nodeArguments]
 */
async function collect(url, { since, series }, nodeArguments) {
  const born = performance.now();
  const service = await startService(
    {
      CRYPTOFLOW_MARKETS: series.map(({ symbol, interval }) => `binance:${symbol}@${interval}`).join(' '),
      CRYPTOFLOW_BACKFILL: new Date(since).toISOString(),
      CRYPTOFLOW_EXCHANGES: JSON.stringify({ binance: exchangeOptions(url) }),
    },
    { directory: workFolder('backfill'), nodeArguments },
  );
  const started = performance.now();
  const samples = [service.readyRssMb];
  for (;;) {
    await delay(SAMPLE_MS);
    samples.push(service.rssMb());
    if (samples.length % 10 !== 0) continue;
    const kept = await readSeries(service.url);
    if (kept.length < series.length || !kept.every((it) => isComplete(it, since))) continue;
    const ended = performance.now();
    const committing = await commitSeconds(service.url);
    await service.stop();
    const candles = kept.reduce((sum, { count }) => sum + count, 0);
    return {
      seconds: (ended - started) / 1000,
      /** Since the start of the process, in milliseconds. */
      span: { from: started - born, to: ended - born },
      committing,
      candles,
      peakMb: highest(samples),
      readyMb: service.readyRssMb,
    };
  }
}

/** Whose the time of the service's main thread is. @param {string} url @param {import('./plan.mjs').Plan} plan */
async function profile(url, plan) {
  const folder = workFolder('profile');
  const { span } = await collect(url, plan, profiledInto(folder));
  return readShares(folder, span);
}

/** @typedef {{ interval: '1m' | '1h', first: number | null, last: number | null, count: number }} Kept */

/** @param {string} url @returns {Promise<Kept[]>} */
async function readSeries(url) {
  const response = await fetch(`${url}/api/v1/series`);
  const { series } = await response.json();
  return series;
}

/** From its first candle to the newest closed one, none is wanting. @param {Kept} kept @param {number} since */
function isComplete({ interval, first, last, count }, since) {
  const step = STEPS[interval];
  const fresh = last !== null && last >= Date.now() - 3 * step;
  return fresh && first === since && count === (last - since) / step + 1;
}

/** For how long the writer was held for candles. @param {string} url */
async function commitSeconds(url) {
  const text = await (await fetch(`${url}/metrics`)).text();
  const sums = text.matchAll(
    /^cryptoflow_sqlite_write_hold_seconds_sum\{lane="(?:live|backfill)"\} (\S+)$/gm,
  );
  return [...sums].reduce((sum, [, seconds]) => sum + Number(seconds), 0);
}

/**
 * @param {Awaited<ReturnType<typeof collect>>} ours
 * @param {{ requests: number, candles: number }} asked
 * @param {{ alone: { seconds: number, candles: number, peakRssMb: number }, shares: ReturnType<typeof readShares> }} beside
 */
function report(ours, asked, { alone, shares }) {
  const rate = ours.candles / ours.seconds;
  const baseline = 'the same pages by ccxt alone, not stored';
  return {
    rows: [
      row({
        what: 'backfill through ccxt, complete to the candle',
        value: rate,
        unit: 'candles/s',
        baseline,
        baselineValue: alone.candles / alone.seconds,
      }),
      row({
        what: 'memory above readiness at its highest',
        value: ours.peakMb - ours.readyMb,
        unit: 'MB',
        baseline: 'highest memory of ccxt alone',
        baselineValue: alone.peakRssMb,
      }),
    ],
    panels: [],
    notes: [
      `${figure(ours.candles)} candles in ${figure(ours.seconds)} s with ${figure(asked.requests)} requests; ${figure(asked.candles)} candles were sent.`,
      `Of the time of the main thread, by a profile: ccxt ${percent(shares.ccxt)}, checking ${percent(shares.checking)}, preparing commits ` +
        `${percent(shares.committing)}, garbage ${percent(shares.garbage)}, the network and the rest ${percent(shares.other)}, ` +
        `waiting ${percent(shares.idle)}. On the writer's thread, beside it, commits took ${percent(ours.committing / ours.seconds)}.`,
    ],
  };
}
