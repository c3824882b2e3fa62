// Works under leases `series:N` until it is killed: takes each when it can get it, commits some batches, gives it back.
// Every figure of a candle tells who wrote it: open = worker, high = fence, low = batch, close = its place in the batch.
// One argument, as JSON: file, number (unique among the workers of a run), and what is optional below.
import { spansOfAnswer } from '../../../dist/candles/coverage.js';
import { claimRun, finishRun } from '../../../dist/locks/job-runs.js';
import { compose, journal, report } from './composition.mjs';

const MINUTE = 60_000;
/** How soon a lease that another holds is asked for again, in milliseconds. */
const LEASE_RETRY_MS = 20;

const {
  file,
  number,
  leases = 3,
  /** The first open time, Unix ms. */
  origin = Date.UTC(2020, 0, 1),
  /** Only the lease of this series. */
  only,
  lane = 'backfill',
  /** Candles per batch, from and to. */
  rows = [200, 500],
  /** Milliseconds between two batches. */
  pauseMs = 0,
  /** Batches before a lease is given back. */
  turns = 40,
  /** Whether to end a run of a job with each so many-th batch; 0 for never. */
  runs = 4,
} = JSON.parse(process.argv[2]);

const { app, locks, store, clock, statistics, reader } = await compose({ file });
let batches = 0;
const stopping = new AbortController();
const between = (from, to) => from + Math.floor(Math.random() * (to - from + 1));

/** The next free stretch of the series. It is read outside of the transaction: only the fence keeps a stale holder from it. */
async function nextBatch(series, fence, batch) {
  const [{ end }] = await reader.query(
    'SELECT coalesce(max(to_time), CAST(? AS INTEGER)) AS "end" FROM coverage WHERE series_id = ?',
    [origin, series.id],
  );
  const size = between(...rows);
  const hole = between(0, 1) * between(1, 30);
  const candles = Array.from({ length: size }, (_, index) => ({
    openTime: end + index * MINUTE,
    open: `${number}`,
    high: `${fence}`,
    low: `${batch}`,
    close: `${index}`,
    volume: `${size}`,
  }));
  const window = { from: end, to: end + (size + hole) * MINUTE };
  const spans = spansOfAnswer(
    series.interval,
    window,
    candles.map(({ openTime }) => openTime),
  );
  return { window, batch: { series, candles, spans } };
}

async function commitBatch(lease, series, run) {
  const id = number * 1_000_000 + (batches += 1);
  const { window, batch } = await nextBatch(series, lease.fence, id);
  const also = async (manager) => {
    const written = { series: series.id, ...window, candles: batch.candles.length };
    await journal(manager, lease, id, { ...written, ...run });
    if (run) await finishRun(manager, lease, run.job, run.slot, 'ok');
  };
  await store.commit(lease, batch, { lane, signal: lease.signal, also });
  report({ acknowledged: { lease: lease.name, fence: lease.fence, batch: id } });
}

/** The oldest run that nobody has ended, or a new one: claimed in one transaction, ended in another. */
async function claim(lease, series) {
  const job = `fault:${series.id}`;
  const [open] = await reader.query('SELECT slot FROM job_run WHERE name = ? AND outcome IS NULL LIMIT 1', [
    job,
  ]);
  const slot = open?.slot ?? clock.now();
  const won = await locks.transaction(lease, (manager) => claimRun(manager, lease, job, slot));
  return won ? { job, slot } : undefined;
}

async function workUnder(lease, series) {
  const last = between(1, turns);
  for (let turn = 1; turn <= last && !stopping.signal.aborted; turn += 1) {
    const run = runs > 0 && turn % runs === 0 ? await claim(lease, series) : undefined;
    await commitBatch(lease, series, run);
    if (pauseMs > 0) await clock.sleep(between(0, 2 * pauseMs));
  }
}

async function work(place) {
  const series = await store.ensureSeries('fault', `S${place}/USD`, '1m');
  const name = `series:${series.id}`;
  while (!stopping.signal.aborted) {
    const lease = await locks.acquire(name).catch((error) => {
      if (error.code === 'READ_TOO_LONG') return null;
      throw error;
    });
    if (!lease) {
      await clock.sleep(between(1, 2 * LEASE_RETRY_MS));
      continue;
    }
    report({ acquired: { lease: name, fence: lease.fence } });
    try {
      await workUnder(lease, series);
    } catch (error) {
      // A read that was stopped in its middle is interrupted for its age when the process goes on.
      if (error.code !== 'LOCK_LOST' && error.code !== 'READ_TOO_LONG') throw error;
      report({ lost: { lease: name, fence: lease.fence } });
    }
    await locks.release(lease);
    report({ released: { lease: name, fence: lease.fence } });
  }
}

function tellStatistics() {
  const { busy, timeoutsTotal } = statistics;
  report({ statistics: { busy, timeouts: timeoutsTotal, locks: locks.statistics.counts } });
}

process.on('SIGUSR2', tellStatistics);
process.on('SIGTERM', () => stopping.abort());

report({ ready: { holder: locks.holder } });
const places = only ? [only] : Array.from({ length: leases }, (_, index) => index + 1);
try {
  await Promise.all(places.map(work));
  tellStatistics();
  await app.close();
} catch (error) {
  report({ complaint: { level: 'error', event: 'worker.failed', error: `${error.code}: ${error.stack}` } });
  process.exit(1);
}
