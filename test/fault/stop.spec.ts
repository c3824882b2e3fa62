import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { checkHistory } from '../support/fault/check-history.js';
import { Fleet } from '../support/fault/fleet.js';
import { NO_LINUX } from '../support/fault/proc.js';
import { Random } from '../support/fault/random.js';
import { readHistory } from '../support/fault/read-history.js';
import type { WorkerProcess } from '../support/fault/worker-process.js';
import { queryFile } from '../support/service-data.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const STOPS = 20;
const WORKERS = 4;
const TTL_MS = 600;

interface Stopped {
  readonly worker: WorkerProcess;
  /** The leases it held when it was stopped, with their fences. */
  readonly held: ReadonlyMap<string, number>;
}

/** Freezes a worker that holds a lease and is not inside a write transaction, in which it would hold up all others. */
async function freezeHolder(fleet: Fleet, random: Random): Promise<Stopped> {
  for (;;) {
    const holders = await fleet.until('a holder', () => {
      const found = fleet.ready.filter(({ held }) => held.size > 0);
      return found.length > 0 && fleet.ready.length > 1 && found;
    });
    const worker = random.pick(holders);
    worker.freeze();
    // What it had written to its pipe by then has to be read first.
    await delay(0);
    if (fleet.writing() !== worker && worker.held.size > 0) return { worker, held: new Map(worker.held) };
    worker.send('SIGCONT');
    await fleet.progress(1);
  }
}

async function commitsUnder(file: string, lease: string, fence: number): Promise<number> {
  const count = 'SELECT count(*) AS commits FROM fault_journal WHERE lease = ? AND fence = ?';
  const [row] = await queryFile<{ commits: number }>(file, count, [lease, fence]);
  return row!.commits;
}

it.skipIf(NO_LINUX)(
  'SIGSTOP of a holder beyond the life of its lease: another takes over, and the resumed one commits nothing and says LOCK_LOST',
  async () => {
    const random = Random.forTest('SIGSTOP');
    const file = join(temporaryDirectory(), 'stop.db');
    const fleet = new Fleet({ file, turns: 1_000_000 }, { CRYPTOFLOW_LEASE_TTL: `${TTL_MS}ms` });
    onTestFinished(() => fleet.destroy());
    for (let count = 0; count < WORKERS; count += 1) fleet.start();
    await fleet.until('the workers', () => fleet.ready.length === WORKERS);

    const stale: Array<{ lease: string; fence: number; commits: number }> = [];
    for (let stop = 0; stop < STOPS; stop += 1) {
      await fleet.progress(random.between(1, 5));
      const { worker, held } = await freezeHolder(fleet, random);
      fleet.expectTakeover(worker);
      await fleet.until('another to take over', () => fleet.awaited === 0);
      for (const [lease, fence] of held)
        stale.push({ lease, fence, commits: await commitsUnder(file, lease, fence) });
      worker.send('SIGCONT');
      await fleet.until('it to notice', () =>
        [...held].every(([lease, fence]) =>
          worker.reports.some(({ lost }) => lost?.lease === lease && lost.fence === fence),
        ),
      );
    }
    await fleet.progress(20);
    const { workers } = fleet;
    await fleet.stop();

    const { quickCheck, ...history } = await readHistory(file, fleet.acknowledged);
    const worst = Math.max(...fleet.takeovers.map(({ ms }) => ms));
    const fencedOff = workers.map(
      ({ reports }) => reports.find(({ statistics }) => statistics)!.statistics!.locks.fencedOff,
    );
    console.log(
      `${STOPS} stops of holders of ${stale.length} leases, worst takeover ${Math.round(worst)} ms; ` +
        `${history.journal.length} commits, ${fencedOff.join(' + ')} refused for their fence`,
    );
    expect(stale.length).toBeGreaterThanOrEqual(STOPS);
    for (const { lease, fence, commits } of stale) {
      const rows = history.journal.filter((row) => row.lease === lease && row.fence === fence);
      expect(rows, `${lease} under fence ${fence}`).toHaveLength(commits);
    }
    expect(checkHistory(history)).toEqual([]);
    expect(quickCheck).toEqual([{ quick_check: 'ok' }]);
    expect(fleet.complaints).toEqual([]);
  },
  180_000,
);
