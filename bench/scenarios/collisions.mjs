import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { row } from '../support/results.mjs';
import { highest, percentile } from '../support/statistics.mjs';
import { Worker, withWorkers } from '../support/worker.mjs';
import { workFolder } from '../support/workspace.mjs';

const REPORTED = 'scenarios/reported-process.mjs';
const CRYPTOFLOW = 'scenarios/cryptoflow-process.mjs';
const reported = () => new Worker(REPORTED, { threads: 'default' });
const cryptoflow = () => new Worker(CRYPTOFLOW);
const newFile = () => join(workFolder('scenario'), 'candles.db');

/** @param {Worker[]} workers @param {object} options */
async function openAll(workers, options) {
  for (const worker of workers) await worker.call('open', options);
}

/**
 * Scenario 1: a page of 4,000 candles is inserted while an API request in another process writes.
 *
 * @param {{ rounds: number, holdMs: number, busyTimeout: number }} times
 */
export async function backfillCollision({ rounds, holdMs, busyTimeout }) {
  const seconds = (rounds * holdMs) / 1000;
  const before = await withWorkers([reported(), reported(), reported()], async (collector, api, reader) => {
    await openAll([collector, api, reader], { file: newFile(), busyTimeout });
    await collector.call('insertPage', {});
    const reads = reader.call('reads', { seconds, everyMs: 50 });
    const writes = [];
    for (let round = 0; round < rounds; round += 1) {
      const page = collector.call('insertPage', { holdMs });
      await delay(holdMs * 0.1);
      writes.push(await api.call('writes', { seconds: 0.001, everyMs: 1 }));
      await page;
    }
    return { writes, reads: await reads };
  });
  const after = await withWorkers([cryptoflow(), cryptoflow()], async (collector, api) => {
    await openAll([collector, api], { file: newFile() });
    const [collected, writes, reads] = await Promise.all([
      collector.call('collect', { seconds, seriesIndex: 0, rows: 4000 }),
      api.call('writes', { seconds, everyMs: 100 }),
      api.call('reads', { seconds, everyMs: 50 }),
    ]);
    return { collected, writes, reads };
  });
  const failed = before.writes.reduce((sum, { lockErrors }) => sum + lockErrors, 0);
  return [
    row({
      what: `1 backfill, API in its own process: lock errors of ${after.writes.requests} API writes`,
      value: after.writes.lockErrors + after.collected.lockErrors,
      unit: 'errors',
      baseline: `reported configuration, ${rounds} API writes`,
      baselineValue: failed,
      limits: { atMost: 0, baselineAtLeast: 1 },
    }),
    row({
      what: '1 worst wait of an API write',
      value: highest(after.writes.latencies),
      unit: 'ms',
      baseline: 'reported configuration, then it fails',
      baselineValue: highest(before.writes.flatMap(({ latencies }) => [...latencies])),
    }),
    row({
      what: `1 reads on connections of their own: lock errors of ${after.reads.requests}`,
      value: after.reads.lockErrors,
      unit: 'errors',
      baseline: `reported configuration, ${before.reads.requests} reads`,
      baselineValue: before.reads.lockErrors,
      limits: { atMost: 0 },
    }),
    row({
      what: '1 p99 of these reads',
      value: percentile(after.reads.latencies, 0.99),
      unit: 'ms',
      baseline: 'reported configuration',
      baselineValue: percentile(before.reads.latencies, 0.99),
    }),
  ];
}

/**
 * Scenario 1 where API and collector share a connection, or, with CryptoFlow, a process.
 *
 * @param {{ holdMs: number, busyTimeout: number }} times
 */
export async function sharedConnection({ holdMs, busyTimeout }) {
  const before = await withWorkers([reported()], async (service) => {
    await service.call('open', { file: newFile(), busyTimeout });
    return service.call('sharedConnection', { holdMs });
  });
  const after = await withWorkers([cryptoflow()], async (service) => {
    await service.call('open', { file: newFile() });
    return service.call('sharedProcess', { holdMs });
  });
  return {
    rows: [
      row({
        what: '1 API and collector in one process: acknowledged writes lost to the other’s rollback',
        value: after.lost,
        unit: 'rows',
        baseline: 'reported configuration, one shared connection',
        baselineValue: before.lost,
        limits: { atMost: 0 },
      }),
    ],
    note:
      `Scenario 1 on one shared connection does not end in "database is locked". The API's BEGIN was answered with ` +
      `"${before.refused}"; its plain INSERT was acknowledged and went down with the collector's rollback.`,
  };
}

/**
 * CryptoFlow's writer beside a collector as it was reported: a foreign process that holds the lock.
 *
 * @param {{ holdMs: number, busyTimeout: number }} times
 */
export async function besideTheReported({ holdMs, busyTimeout }) {
  const seconds = holdMs / 1000;
  const after = await withWorkers([cryptoflow(), reported()], async (api, collector) => {
    const file = newFile();
    await api.call('open', { file });
    await collector.call('open', { file, busyTimeout, schema: false });
    const page = collector.call('insertPage', { holdMs });
    await delay(holdMs * 0.1);
    const writes = await api.call('writes', { seconds: seconds * 0.5, everyMs: 200 });
    await page;
    return writes;
  });
  return [
    row({
      what: `1 CryptoFlow’s writes beside the reported collector, which holds the lock for ${seconds} s: lock errors`,
      value: after.lockErrors,
      unit: 'errors',
      baseline: 'all that were asked',
      baselineValue: after.requests,
      limits: { atMost: 0 },
    }),
  ];
}

/**
 * Scenario 2: sync updates candles while backfill, in another process, wants to write.
 *
 * @param {{ rounds: number, syncHoldMs: number, busyTimeout: number }} times
 */
export async function concurrentSync({ rounds, syncHoldMs, busyTimeout }) {
  const before = await withWorkers([reported(), reported()], async (sync, backfill) => {
    await openAll([sync, backfill], { file: newFile(), busyTimeout });
    const pages = [];
    for (let round = 0; round < rounds; round += 1) {
      const syncing = sync.call('insertPage', { seriesId: 2, rows: 2400, holdMs: syncHoldMs });
      await delay(syncHoldMs * 0.1);
      pages.push(await backfill.call('insertPage', {}));
      await syncing;
    }
    return pages;
  });
  const seconds = (rounds * syncHoldMs) / 1000;
  const after = await withWorkers([cryptoflow(), cryptoflow()], async (sync, backfill) => {
    await openAll([sync, backfill], { file: newFile() });
    return Promise.all([
      sync.call('collect', { seconds, seriesIndex: 1, rows: 2400, lane: 'live', pauseMs: 100 }),
      backfill.call('collect', { seconds, seriesIndex: 0, rows: 4000 }),
    ]);
  });
  return [
    row({
      what: '2 sync beside backfill, a process each: lock errors',
      value: after[0].lockErrors + after[1].lockErrors,
      unit: 'errors',
      baseline: `reported configuration, ${rounds} pages of backfill`,
      baselineValue: before.reduce((sum, { lockErrors }) => sum + lockErrors, 0),
      limits: { atMost: 0, baselineAtLeast: 1 },
    }),
    row({
      what: '2 slowest commit of sync or backfill',
      value: Math.max(after[0].worstMs, after[1].worstMs),
      unit: 'ms',
      baseline: 'reported configuration, backfill, then it fails',
      baselineValue: highest(before.map(({ ms }) => ms)),
    }),
  ];
}
