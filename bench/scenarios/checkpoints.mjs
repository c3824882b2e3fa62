import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { row } from '../support/results.mjs';
import { highest } from '../support/statistics.mjs';
import { Worker, withWorkers } from '../support/worker.mjs';
import { workFolder } from '../support/workspace.mjs';

const reported = () => new Worker('scenarios/reported-process.mjs', { threads: 'default' });
const cryptoflow = () => new Worker('scenarios/cryptoflow-process.mjs');
const newFile = () => join(workFolder('checkpoint'), 'candles.db');

/**
 * Scenario 3 as it really is: the automatic checkpoint inside COMMIT is PASSIVE and shuts nobody out. Every page moves
 * more than the 1,000 pages that set it off.
 *
 * @param {{ seconds: number, busyTimeout: number }} times
 */
export async function passiveCheckpoint({ seconds, busyTimeout }) {
  const before = await withWorkers([reported(), reported()], async (collector, api) => {
    const options = { file: newFile(), busyTimeout, autocheckpoint: 1000 };
    await collector.call('open', options);
    await api.call('open', options);
    const [, writes] = await Promise.all([
      collector.call('collect', { seconds, seriesId: 1, rows: 4000, holdMs: 0, pauseMs: 20 }),
      api.call('writes', { seconds, everyMs: 50 }),
    ]);
    return writes;
  });
  const after = await withWorkers([cryptoflow(), cryptoflow()], async (collector, api) => {
    const file = newFile();
    await collector.call('open', { file });
    await api.call('open', { file });
    const [, writes] = await Promise.all([
      collector.call('collect', { seconds, seriesIndex: 0, rows: 4000, pauseMs: 20 }),
      api.call('writes', { seconds, everyMs: 50 }),
    ]);
    return writes;
  });
  const baseline = 'wal_autocheckpoint 1000, pages at full speed';
  return [
    row({
      what: `3 automatic (PASSIVE) checkpoints: lock errors of ${after.requests} API writes`,
      value: after.lockErrors,
      unit: 'errors',
      baseline,
      baselineValue: before.lockErrors,
      limits: { atMost: 0 },
    }),
    row({
      what: '3 worst wait of an API write meanwhile',
      value: highest(after.latencies),
      unit: 'ms',
      baseline,
      baselineValue: highest(before.latencies),
    }),
  ];
}

/**
 * Scenario 3 with a blocking checkpoint: somebody calls TRUNCATE while a reader is open, and again as long as it is
 * answered with "busy". Each try shuts the writers out for a whole `busy_timeout`.
 *
 * @param {{ readMs: number, busyTimeout: number }} times
 */
export async function blockingCheckpoint({ readMs, busyTimeout }) {
  const seconds = readMs / 1000;
  const before = await withWorkers([reported(), reported(), reported()], async (collector, api, reader) => {
    const file = newFile();
    for (const worker of [collector, api, reader]) await worker.call('open', { file, busyTimeout });
    await collector.call('insertPage', {});
    const reading = reader.call('holdRead', { ms: readMs });
    await delay(readMs * 0.05);
    await collector.call('insertPage', {});
    const [checkpoints, writes] = await Promise.all([
      collector.call('truncate', { seconds: seconds * 2 }),
      api.call('writes', { seconds, everyMs: 100 }),
      reading,
    ]);
    return { checkpoints, writes };
  });
  const after = await withWorkers(
    [cryptoflow(), cryptoflow(), reported()],
    async (collector, api, reader) => {
      const file = newFile();
      for (const worker of [collector, api]) await worker.call('open', { file });
      await reader.call('open', { file, busyTimeout, schema: false });
      const [, , writes] = await Promise.all([
        reader.call('holdRead', { ms: readMs }),
        collector.call('collect', { seconds, seriesIndex: 0, rows: 4000 }),
        api.call('writes', { seconds, everyMs: 100 }),
      ]);
      return writes;
    },
  );
  const baseline = `reported configuration, TRUNCATE, ${before.writes.requests} API writes`;
  return {
    rows: [
      row({
        what: `3 a reader open for ${seconds} s: lock errors of ${after.requests} API writes during backfill`,
        value: after.lockErrors,
        unit: 'errors',
        baseline,
        baselineValue: before.writes.lockErrors,
        limits: { atMost: 0 },
      }),
      row({
        what: '3 worst wait of an API write meanwhile',
        value: highest(after.latencies),
        unit: 'ms',
        baseline,
        baselineValue: highest(before.writes.latencies),
      }),
    ],
    note:
      `Scenario 3: the automatic checkpoint is PASSIVE and shuts nobody out; a TRUNCATE does. With a reader open it came ` +
      `back busy ${before.checkpoints.busy} of ${before.checkpoints.tries} times and held the write lock for busy_timeout each time.`,
  };
}
