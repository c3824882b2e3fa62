import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CollectorSeat } from '../../../src/collector/collector-seat.js';
import { thisHolder } from '../../../src/locks/holder.js';
import { ManualClock } from '../../support/fixtures/manual-clock.js';
import { openTestLocks, type TestLocks } from '../../support/locks.js';

const HOUR = 3_600_000;
const ALIVE = 'elsewhere:1:boot:1'; // on another host, so that nothing proves it dead

/** How another process that runs on this host names itself. */
function holderOf(pid: number): string {
  const [host, , boot] = thisHolder().split(':').slice(-4);
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const startTime = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return [host, pid, boot, startTime].join(':');
}

/** Another process renews its lease; its clock is off by so much against ours. */
async function renewElsewhere({ writer }: TestLocks, skewMs: number, fence = 1): Promise<void> {
  const now = `CAST(unixepoch('subsec') * 1000 AS INTEGER) + ${skewMs}`;
  await writer.query(
    `INSERT INTO job_lock (name, fence, holder, acquired_at, renewed_at, expires_at)
     VALUES ('series:1', ${fence}, '${ALIVE}', ${now}, ${now}, ${now} + 30000)
     ON CONFLICT (name) DO UPDATE SET fence = excluded.fence, renewed_at = excluded.renewed_at,
       expires_at = excluded.expires_at`,
  );
}

it('takes no lease, of whatever name, while its clock is behind what others write, and says so', async () => {
  const test = await openTestLocks();
  await renewElsewhere(test, HOUR);
  expect(await test.locks.acquire('series:1')).toBeNull();
  expect(await test.locks.acquire('series:2')).toBeNull();
  expect(test.locks.isSkewed).toBe(true);
  expect(test.locks.statistics.counts.skewed).toBe(2);
  expect(test.log.named('lock.clock_skewed')).toMatchObject([{ refuses: true }]);
});

it('does not take a live lease for expired while its clock is ahead', async () => {
  const clock = new ManualClock();
  const test = await openTestLocks({ clock });
  await renewElsewhere(test, -HOUR);
  expect((await test.store.find('series:1'))!.held).toBe(false); // so it looks to us
  expect(await test.locks.acquire('series:1')).toBeNull();
  for (const renewal of [1, 2]) {
    clock.advance(10_000);
    await renewElsewhere(test, -HOUR + renewal);
    expect(await test.locks.acquire('series:1')).toBeNull();
  }
  expect(test.locks.isSkewed).toBe(true);
  expect(await test.locks.acquire('series:2')).toBeNull();
});

it('takes no lease at all before it knows why that of a running holder looks expired', async () => {
  const clock = new ManualClock();
  const test = await openTestLocks({ clock });
  const now = `CAST(unixepoch('subsec') * 1000 AS INTEGER) - ${HOUR}`;
  const running = holderOf(process.ppid);
  await test.writer.query(
    `INSERT INTO job_lock (name, fence, holder, acquired_at, renewed_at, expires_at)
     VALUES ('series:1', 1, ?, ${now}, ${now}, ${now} + 30000)`,
    [running],
  );
  expect(await test.locks.acquire('series:2')).toBeNull();
  clock.advance(14_000);
  expect(await test.locks.acquire('series:2')).toBeNull();
  clock.advance(1000); // it has been silent for half a life: it hangs, and our clock is right
  expect(await test.locks.acquire('series:2')).toMatchObject({ fence: 1 });
});

it('gives its seat among the collectors back while its clock is wrong', async () => {
  const clock = new ManualClock();
  const test = await openTestLocks({ clock });
  const seat = new CollectorSeat(test.locks, test.store, test.database);
  expect(await seat.present()).toEqual([seat.holder]);
  await renewElsewhere(test, HOUR);
  await seat.present(); // sees it
  expect(await seat.present()).toEqual([]);
  expect(await test.store.find('collector:0')).toMatchObject({ holder: '' });
});

it('takes an expired lease from a holder that nobody can prove dead once it has been silent for half a life', async () => {
  const clock = new ManualClock();
  const test = await openTestLocks({ clock });
  await renewElsewhere(test, -40_000);
  expect(await test.locks.acquire('series:1')).toBeNull();
  clock.advance(14_000);
  expect(await test.locks.acquire('series:1')).toBeNull();
  clock.advance(1000);
  expect(await test.locks.acquire('series:1')).toMatchObject({ fence: 2 });
});
