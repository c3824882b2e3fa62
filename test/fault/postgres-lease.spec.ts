import { resolve } from 'node:path';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { checkHistory } from '../support/fault/check-history.js';
import { Fleet } from '../support/fault/fleet.js';
import type { JournalRow } from '../support/fault/history.js';
import { startPostgres } from '../support/fault/postgres.js';
import type { WorkerProcess } from '../support/fault/worker-process.js';

const STOPS = 3;
const TTL_MS = 1500;
/** `idle_in_transaction_session_timeout`: below the life of a lease. */
const IDLE_MS = 500;
const SCRIPT = resolve('test/support/fault/postgres-worker.mjs');

const TABLES = `
  CREATE TABLE job_lock (name text PRIMARY KEY, fence bigint NOT NULL, holder text NOT NULL,
    acquired_at bigint NOT NULL, renewed_at bigint NOT NULL, expires_at bigint NOT NULL,
    not_before bigint NOT NULL DEFAULT 0);
  CREATE TABLE fault_journal (position bigserial PRIMARY KEY, lease text NOT NULL, fence bigint NOT NULL,
    holder text NOT NULL, batch bigint NOT NULL)`;

/** Transactions of one lease follow each other, since each locks the lease's row first: so do their positions. */
async function readJournal(client: pg.Client): Promise<JournalRow[]> {
  const { rows } = await client.query<Record<'position' | 'lease' | 'fence' | 'holder' | 'batch', string>>(
    'SELECT position, lease, fence, holder, batch FROM fault_journal ORDER BY position',
  );
  return rows.map(({ position, lease, fence, holder, batch }) => ({
    position: Number(position),
    lease,
    fence: Number(fence),
    holder,
    batch: Number(batch),
    written: null,
    run: null,
  }));
}

/** What the server says the session of a worker does; null when it has none. */
async function sessionState(client: pg.Client, worker: WorkerProcess): Promise<string | null> {
  const { rows } = await client.query<{ state: string }>(
    'SELECT state FROM pg_stat_activity WHERE application_name = $1',
    [`worker-${worker.pid}`],
  );
  return rows[0]?.state ?? null;
}

async function freezeInside(client: pg.Client, fleet: Fleet): Promise<WorkerProcess> {
  for (;;) {
    const worker = await fleet.until('a holder', () => fleet.workers.find(({ held }) => held.size > 0));
    worker.freeze();
    if ((await sessionState(client, worker)) === 'idle in transaction') return worker;
    worker.send('SIGCONT');
    await fleet.progress(1);
  }
}

/** Nothing of the product writes to PostgreSQL yet: this shows the protocol that is to be used there, on the real server. */
it('the lease protocol on PostgreSQL: a holder stopped inside a transaction loses its session to the server, and its lease to another', async ({
  skip,
}) => {
  const url = await startPostgres(skip);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query(TABLES);
  const fleet = new Fleet({ file: url, script: SCRIPT, ttlMs: TTL_MS, idleMs: IDLE_MS });
  onTestFinished(() => fleet.destroy());
  fleet.start();
  fleet.start();
  await fleet.until('both', () => fleet.ready.length === 2);

  for (let stop = 0; stop < STOPS; stop += 1) {
    await fleet.progress(5);
    const stopped = await freezeInside(client, fleet);
    const [[lease, fence]] = [...stopped.held] as [[string, number]];
    fleet.expectTakeover(stopped);
    // The stopped transaction holds the row of the lease: nobody can take it before the server has ended the session.
    await fleet.until('another to take over', () => fleet.awaited === 0);
    expect(await sessionState(client, stopped)).toBeNull();
    await fleet.progress(5);
    const committed = (await readJournal(client)).filter((row) => row.fence === fence);

    stopped.send('SIGCONT');
    await fleet.until('it to notice', () =>
      stopped.reports.some(({ lost }) => lost?.lease === lease && lost.fence === fence),
    );
    await fleet.progress(5);
    expect((await readJournal(client)).filter((row) => row.fence === fence)).toEqual(committed);
  }

  const journal = await readJournal(client);
  const nothing = { candles: [], coverage: [], runs: [] };
  expect(checkHistory({ journal, acknowledged: fleet.acknowledged, ...nothing })).toEqual([]);
  expect(journal.at(-1)!.fence).toBeGreaterThan(STOPS);
  expect(fleet.complaints).toEqual([]);
}, 120_000);
