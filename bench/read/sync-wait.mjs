import { row } from '../support/results.mjs';
import { highest, percentile } from '../support/statistics.mjs';
import { Worker, withWorkers } from '../support/worker.mjs';
import { copyDatabase } from './requests.mjs';

const BACKFILL = 'read/backfill-process.mjs';
/** The reported `busy_timeout`, at whose end a sync failed. */
const REPORTED_WAIT_MS = 2000;

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
