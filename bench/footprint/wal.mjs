import { figure, row } from '../support/results.mjs';
import { highest, median } from '../support/statistics.mjs';
import { Worker, withWorkers } from '../support/worker.mjs';
import { copyDatabase } from '../read/requests.mjs';

const BACKFILL = 'read/backfill-process.mjs';
const READERS = 4;

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
