// The lease protocol on PostgreSQL: the statements of the SQLite lock store with the server's clock. CryptoFlow itself
// keeps no data there yet. Takes the lease `series:1` again and again, and commits journal rows under its fence.
// One argument, as JSON: file (the server's address), number, ttlMs, idleMs.
import pg from 'pg';
import { thisHolder } from '../../../dist/locks/holder.js';

const LEASE = 'series:1';
const { file: url, number, ttlMs, idleMs } = JSON.parse(process.argv[2]);
const NOW = '(extract(epoch from clock_timestamp()) * 1000)::bigint';
const ACQUIRE = `INSERT INTO job_lock (name, fence, holder, acquired_at, renewed_at, expires_at)
  VALUES ($1, 1, $2, ${NOW}, ${NOW}, ${NOW} + $3)
  ON CONFLICT (name) DO UPDATE SET fence = job_lock.fence + 1, holder = excluded.holder,
    acquired_at = ${NOW}, renewed_at = ${NOW}, expires_at = ${NOW} + $3
  WHERE job_lock.expires_at <= ${NOW} AND job_lock.not_before <= ${NOW}
  RETURNING fence`;
const RENEW = `UPDATE job_lock SET renewed_at = ${NOW}, expires_at = ${NOW} + $4
  WHERE name = $1 AND holder = $2 AND fence = $3`;
const JOURNAL = 'INSERT INTO fault_journal (lease, fence, holder, batch) VALUES ($1, $2, $3, $4)';

const holder = thisHolder();
let batches = 0;
const report = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function connect() {
  const client = new pg.Client({
    connectionString: url,
    application_name: `worker-${process.pid}`,
    idle_in_transaction_session_timeout: idleMs,
  });
  client.on('error', () => undefined); // the server has ended the session: the next query says so
  await client.connect();
  return client;
}

/** @returns false when the lease is another's by now; nothing is committed then */
async function commit(client, fence) {
  const batch = number * 1_000_000 + (batches += 1);
  await client.query('BEGIN');
  const { rowCount } = await client.query(RENEW, [LEASE, holder, fence, ttlMs]);
  if (rowCount === 0) {
    await client.query('ROLLBACK');
    return false;
  }
  await client.query(JOURNAL, [LEASE, fence, holder, batch]);
  await sleep(10); // idle inside the transaction
  await client.query('COMMIT');
  report({ acknowledged: { lease: LEASE, fence, batch } });
  return true;
}

let client = await connect();
report({ ready: { holder } });
for (;;) {
  const { rows } = await client.query(ACQUIRE, [LEASE, holder, ttlMs]);
  if (rows.length === 0) {
    await sleep(20);
    continue;
  }
  const fence = Number(rows[0].fence);
  report({ acquired: { lease: LEASE, fence } });
  try {
    while (await commit(client, fence));
  } catch {
    // Whatever became of the session, the fence decides: the same work is tried once more on a new one.
    await client.end().catch(() => undefined);
    client = await connect();
    if (await commit(client, fence)) continue;
  }
  report({ lost: { lease: LEASE, fence } });
}
