import { join } from 'node:path';
import { figure, row } from '../support/results.mjs';
import { highest, percentile } from '../support/statistics.mjs';
import { Worker, withWorkers } from '../support/worker.mjs';
import { workFolder } from '../support/workspace.mjs';

const ROWS = { backfill: 4000, sync: 2400 };

/** The reported configuration, each of the five reported fixes alone, and all five. */
const VARIANTS = /** @type {const} */ ([
  { name: 'as reported', fix: {} },
  { name: 'busy_timeout 5000 alone', fix: { busyFactor: 2.5 } },
  { name: 'wal_autocheckpoint 5000 alone', fix: { autocheckpoint: 5000 } },
  { name: 'batches of 500 alone', fix: { rowsPerTransaction: 500 } },
  { name: 'a reader connection alone', fix: { separateReader: true } },
  { name: 'a lock around sync and backfill alone', fix: { lock: true } },
  {
    name: 'all five',
    fix: { busyFactor: 2.5, autocheckpoint: 5000, rowsPerTransaction: 500, separateReader: true, lock: true },
  },
]);

/**
 * One load for all: backfill, sync and API in a process each. Backfill has a page of 4,000 rows (5 s), then waits 0.5 s
 * for the next; sync has 2,400 rows (3 s), then waits 3 s; the API writes every 2.5 s, since more often one connection could
 * not even fail in time, and reads 1,000 candles ten times a second.
 *
 * @typedef {{ seconds: number, holdMs: number, syncHoldMs: number, busyTimeout: number }} Times
 */

/**
 * @param {Times} times
 * @param {(typeof VARIANTS)[number]} variant
 */
function runReported({ seconds, holdMs, syncHoldMs, busyTimeout }, { name, fix }) {
  const { busyFactor = 1, lock = false, rowsPerTransaction, ...pragmas } = /** @type {any} */ (fix);
  const folder = workFolder('ablation');
  const lockFile = lock ? join(folder, 'jobs.lock') : null;
  const workers = [1, 2, 3].map(() => new Worker('scenarios/reported-process.mjs', { threads: 'default' }));
  return withWorkers(workers, async (backfill, sync, api) => {
    const file = join(folder, 'candles.db');
    for (const worker of workers) {
      await worker.call('open', { file, busyTimeout: busyTimeout * busyFactor, ...pragmas });
    }
    await backfill.call('insertPage', {});
    const shared = { seconds, rowsPerTransaction, lockFile };
    const [one, two, writes, reads] = await Promise.all([
      backfill.call('collect', { ...shared, seriesId: 1, rows: ROWS.backfill, holdMs, pauseMs: holdMs / 10 }),
      sync.call('collect', {
        ...shared,
        seriesId: 2,
        rows: ROWS.sync,
        rowsPerTransaction: Math.min(ROWS.sync, rowsPerTransaction === undefined ? ROWS.sync : 480),
        holdMs: syncHoldMs,
        pauseMs: syncHoldMs,
      }),
      api.call('writes', { seconds, everyMs: holdMs / 2 }),
      api.call('reads', { seconds, everyMs: holdMs / 50 }),
    ]);
    return summarise(name, one, two, writes, reads);
  });
}

/** @param {Times} times */
function runCryptoFlow({ seconds, holdMs, syncHoldMs }) {
  const workers = [1, 2, 3].map(() => new Worker('scenarios/cryptoflow-process.mjs'));
  return withWorkers(workers, async (backfill, sync, api) => {
    const file = join(workFolder('ablation'), 'candles.db');
    for (const worker of workers) await worker.call('open', { file });
    const [one, two, writes, reads] = await Promise.all([
      backfill.call('collect', { seconds, seriesIndex: 0, rows: ROWS.backfill, pauseMs: holdMs / 10 }),
      sync.call('collect', { seconds, seriesIndex: 1, rows: ROWS.sync, lane: 'live', pauseMs: syncHoldMs }),
      api.call('writes', { seconds, everyMs: holdMs / 2 }),
      api.call('reads', { seconds, everyMs: holdMs / 50 }),
    ]);
    return summarise('CryptoFlow', one, two, writes, reads);
  });
}

/** @param {string} name @param {any} backfill @param {any} sync @param {any} writes @param {any} reads */
function summarise(name, backfill, sync, writes, reads) {
  return {
    name,
    lockErrors: backfill.lockErrors + sync.lockErrors + writes.lockErrors + reads.lockErrors,
    worstWriteMs: highest(writes.latencies),
    readP99Ms: percentile(reads.latencies, 0.99),
    candles: backfill.candles + sync.candles,
  };
}

/** @param {Times} times @param {(text: string) => void} say */
export async function ablations(times, say) {
  /** @type {Array<ReturnType<typeof summarise>>} */
  const results = [];
  for (const variant of VARIANTS) {
    say(`ablation: ${variant.name}`);
    results.push(await runReported(times, variant));
  }
  say('ablation: CryptoFlow');
  const ours = await runCryptoFlow(times);
  const figures = /** @type {const} */ ([
    ['lock errors', 'errors', 'lockErrors', { atMost: 0 }],
    ['worst wait of an API write', 'ms', 'worstWriteMs', {}],
    ['API read p99', 'ms', 'readP99Ms', {}],
  ]);
  const rows = figures.flatMap(([what, unit, key, limits]) =>
    results.map((result) =>
      row({
        what: `mixed load: ${what}`,
        value: ours[key],
        unit,
        baseline: result.name,
        baselineValue: result[key],
        limits,
      }),
    ),
  );
  const all = [...results, ours];
  /** @type {import('../support/results.mjs').Panel} */
  const panel = {
    title: 'Backfill, sync and API at once: worst wait of an API write',
    unit: 'ms',
    better: 'lower',
    bars: all.map(({ name, worstWriteMs, lockErrors }) => ({
      name,
      value: worstWriteMs,
      ours: name === ours.name,
      note: lockErrors === 1 ? '1 lock error' : `${lockErrors} lock errors`,
    })),
  };
  const stored = all.map(({ name, candles }) => `${name} ${figure(candles)}`).join('; ');
  return { rows, panel, note: `Candles stored by the mixed load in ${figure(times.seconds)} s: ${stored}.` };
}
