import { figure, row } from '../support/results.mjs';
import { highest, median, percentile } from '../support/statistics.mjs';
import { Worker, withWorkers } from '../support/worker.mjs';
import { copyDatabase } from './requests.mjs';

const BACKFILL = 'read/backfill-process.mjs';
/** The reported `busy_timeout`, at whose end a sync failed. */
const REPORTED_WAIT_MS = 2000;
const READERS = 4;

/**
 * How long a live sync waits until it is inside its transaction: beside a backfill in its own process, and beside two
 * other processes that backfill.
 *
 * @param {string} seed
 * @param {any} sizes
 */
export async function syncWait(seed, { syncSeconds: seconds }) {
  const baseline = { baseline: 'the reported wait, then it fails', baselineValue: REPORTED_WAIT_MS };
  const own = await withWorkers([new Worker(BACKFILL)], async (collector) => {
    await collector.call('open', { file: copyDatabase(seed) });
    await collector.call('start');
    return collector.call('sync', { seconds, everyMs: 50 });
  });
  const others = await withWorkers(
    [1, 2, 3].map(() => new Worker(BACKFILL)),
    async (sync, first, second) => {
      const file = copyDatabase(seed);
      for (const worker of [sync, first, second]) await worker.call('open', { file });
      await first.call('start', { from: 1, to: 3 });
      await second.call('start', { from: 3, to: 5 });
      return sync.call('sync', { seconds, everyMs: 50 });
    },
  );
  const of = (/** @type {string} */ what, /** @type {number[]} */ waits) => [
    row({
      what: `${what}, p99`,
      value: percentile(waits, 0.99),
      unit: 'ms',
      ...baseline,
      limits: { under: 100 },
    }),
    row({ what: `${what}, worst`, value: highest(waits), unit: 'ms', ...baseline }),
  ];
  return [
    ...of('sync waits in the queue, backfill in its process', own),
    ...of('sync waits, two other processes backfill', others),
  ];
}

/**
 * The WAL, by its frames, during a full-speed backfill with four readers whose transactions overlap without a break.
 *
 * @param {string} seed
 * @param {any} sizes
 * @param {(text: string) => void} say
 */
export async function walSize(seed, { walSeconds, walBaselineSeconds }, say) {
  const rows = [];
  const notes = [];
  for (const { readMs, limit } of [
    { readMs: 20, limit: 32 },
    { readMs: 200, limit: 64 },
  ]) {
    say(`WAL during ${walSeconds} s of backfill, ${READERS} readers of ${readMs} ms`);
    const watch = { readers: READERS, readMs };
    const ours = await withWorkers(
      [new Worker(BACKFILL), new Worker('read/reader-process.mjs')],
      async (writer, reader) => {
        const file = copyDatabase(seed);
        await writer.call('open', { file });
        await writer.call('start');
        const sizes = await reader.call('watch', { ...watch, file, seconds: walSeconds });
        return { sizes, ...(await writer.call('pause')) };
      },
    );
    const workers = [
      new Worker('scenarios/reported-process.mjs', { threads: 'default' }),
      new Worker('read/reader-process.mjs'),
    ];
    const reported = await withWorkers(workers, async (writer, reader) => {
      const file = copyDatabase(seed);
      await writer.call('open', { file, busyTimeout: 2000, autocheckpoint: 1000, schema: false });
      const seconds = walBaselineSeconds;
      const [sizes, { candles }] = await Promise.all([
        reader.call('watch', { ...watch, file, seconds }),
        writer.call('collect', { seconds, seriesId: 2, rows: 4000, holdMs: 0 }),
      ]);
      return { sizes, candles };
    });
    rows.push(
      row({
        what: `WAL at its largest, ${READERS} readers of ${readMs} ms, ${walSeconds} s of backfill`,
        value: highest(ours.sizes),
        unit: 'MiB',
        baseline: `wal_autocheckpoint 1000, row by row, ${walBaselineSeconds} s`,
        baselineValue: highest(reported.sizes),
        limits: { under: limit },
      }),
    );
    notes.push(
      `Readers of ${readMs} ms: the WAL held ${figure(median(ours.sizes))} MiB at the median, while ${figure(ours.candles)} candles were ` +
        `stored (${ours.lockErrors} lock errors); the baseline stored ${figure(reported.candles)} in ${walBaselineSeconds} s.`,
    );
  }
  return { rows, notes };
}
