import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { holderState, thisHolder } from '../../../src/locks/holder.js';
import { ManualClock } from '../../support/fixtures/manual-clock.js';
import { gate, until } from '../../support/fixtures/until.js';
import { openTestLocks, type TestLocks } from '../../support/locks.js';

const INSERT = `INSERT INTO series (exchange, symbol, interval, created_at) VALUES ('x', ?, '1m', 0)`;

async function symbols({ reader }: TestLocks): Promise<string[]> {
  const rows = await reader.query<Array<{ symbol: string }>>('SELECT symbol FROM series ORDER BY id');
  return rows.map(({ symbol }) => symbol);
}

/** Takes the lease away, as another process does once it has run out. */
async function takeOver({ writer }: TestLocks, name: string): Promise<void> {
  await writer.query(`UPDATE job_lock SET holder = 'thief', fence = fence + 1 WHERE name = ?`, [name]);
}

describe('the lock service', () => {
  it('gives a lease once, and again after its release', async () => {
    const { locks } = await openTestLocks();
    const lease = await locks.acquire('job');
    expect(lease).toMatchObject({ name: 'job', fence: 1 });
    expect(await locks.acquire('job')).toBeNull();
    await locks.release(lease!);
    expect(lease!.signal.aborted).toBe(true);
    expect(await locks.acquire('job')).toMatchObject({ fence: 2 });
    expect(locks.statistics.counts).toMatchObject({ acquired: 2, contended: 1 });
  });

  it('asks for a lease that is held without writing', async () => {
    const { locks, database } = await openTestLocks();
    await locks.acquire('job');
    const held = gate();
    const holding = database.queue.acquire().then(async (loan) => {
      await held.opened;
      await loan.release();
    });
    expect(await locks.acquire('job')).toBeNull();
    held.open();
    await holding;
  });

  it('does not extend a lease in the end that it has given up while it waited for the writer', async () => {
    const clock = new ManualClock();
    const { locks, store, database } = await openTestLocks({ clock, ttl: '30s' });
    const lease = (await locks.acquire('job'))!;
    const before = (await store.find('job'))!.expiresAt;
    const loan = await database.queue.acquire();
    clock.advance(10_000);
    await until(() => database.queue.status.depth.locks === 1); // the heartbeat waits
    clock.advance(11_000);
    expect(lease.signal.aborted).toBe(true);
    await loan.release();
    await until(() => database.queue.status.depth.locks === 0 && database.queue.status.holder === null);
    expect((await store.find('job'))!.expiresAt).toBe(before);
  });

  it('keeps a lease that it had to wait for, longer than a third of its life', async () => {
    const clock = new ManualClock();
    const { locks, store, database } = await openTestLocks({ clock, ttl: '30s' });
    const loan = await database.queue.acquire();
    const acquiring = locks.acquire('job');
    await until(() => database.queue.status.depth.locks === 1);
    clock.advance(12_000);
    await loan.release();
    const lease = (await acquiring)!;
    const { renewedAt } = (await store.find('job'))!;
    await until(async () => (await store.find('job'))!.renewedAt > renewedAt);
    clock.advance(9000);
    await until(() => database.queue.status.holder === null);
    expect(lease.signal.aborted).toBe(false);
  });

  it('commits a guarded transaction and extends the lease by it', async () => {
    const test = await openTestLocks();
    const lease = await test.locks.acquire('job');
    await test.locks.transaction(lease!, (manager) => manager.query(INSERT, ['A']));
    expect(await symbols(test)).toEqual(['A']);
  });

  it('commits nothing under an old fence, and says that the lease is lost', async () => {
    const test = await openTestLocks();
    const lease = await test.locks.acquire('job');
    await takeOver(test, 'job');
    const write = test.locks.transaction(lease!, (manager) => manager.query(INSERT, ['A']));
    await expect(write).rejects.toMatchObject({ code: 'LOCK_LOST', lock: 'job', fence: 1 });
    expect(await symbols(test)).toEqual([]);
    expect(lease!.signal.reason).toMatchObject({ code: 'LOCK_LOST' });
    expect(test.locks.statistics.counts).toMatchObject({ lost: 1, fencedOff: 1 });
    await expect(test.locks.transaction(lease!, () => Promise.resolve())).rejects.toMatchObject({
      code: 'LOCK_LOST',
    });
  });

  it('checks the fence in the same transaction as the data: an error in the data undoes the renewal', async () => {
    const test = await openTestLocks();
    const lease = await test.locks.acquire('job');
    const before = await test.store.find('job');
    await expect(test.locks.transaction(lease!, () => Promise.reject(new Error('bad data')))).rejects.toThrow(
      'bad data',
    );
    expect((await test.store.find('job'))!.renewedAt).toBe(before!.renewedAt);
    expect(lease!.signal.aborted).toBe(false);
  });

  it('renews by itself every third of its life', async () => {
    const clock = new ManualClock();
    const test = await openTestLocks({ clock });
    const lease = await test.locks.acquire('job');
    const renewals = async () => (await test.store.find('job'))!.renewedAt;
    const first = await renewals();
    for (let round = 0; round < 6; round += 1) {
      const last = await renewals();
      await until(async () => (await test.store.find('job'))!.now > last);
      clock.advance(10_000);
      await until(async () => (await renewals()) > last);
    }
    expect(await renewals()).toBeGreaterThan(first);
    expect(lease!.signal.aborted).toBe(false);
  });

  it('learns from a renewal that another has taken over', async () => {
    const clock = new ManualClock();
    const test = await openTestLocks({ clock });
    const lease = await test.locks.acquire('job');
    await takeOver(test, 'job');
    clock.advance(10_000);
    await until(() => lease!.signal.aborted);
    expect(test.log.named('lock.lost')).toMatchObject([{ lock: 'job', fence: 1 }]);
  });

  it('ends the work itself after two thirds of the life without a renewal', async () => {
    const clock = new ManualClock();
    const test = await openTestLocks({ clock });
    const lease = await test.locks.acquire('job');
    const loan = await test.database.queue.acquire(); // nobody can renew now
    clock.advance(19_999);
    expect(lease!.signal.aborted).toBe(false);
    clock.advance(1);
    expect(lease!.signal.reason).toMatchObject({ code: 'LOCK_LOST' });
    await loan.release();
  });

  it('gives back at shutdown what is still held', async () => {
    const test = await openTestLocks();
    await test.locks.acquire('a');
    await test.locks.acquire('b');
    await test.locks.beforeApplicationShutdown();
    expect((await test.store.list()).map(({ holder }) => holder)).toEqual(['', '']);
  });

  it('takes over at once from a holder that is provably dead on this host, and from no other', async () => {
    const test = await openTestLocks();
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
    await once(child, 'spawn');
    const [host, , boot] = splitHolder(thisHolder());
    const ticks = startTicks(child.pid!);
    const holder = [host, child.pid, boot, ticks].join(':');
    await test.store.acquire('job', holder, 60_000);
    await test.store.acquire('elsewhere', ['other-host', 1, boot, '1'].join(':'), 60_000);

    expect(await test.locks.acquire('job')).toBeNull();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await test.locks.acquire('job')).toMatchObject({ fence: 2 });
    expect(await test.locks.acquire('elsewhere')).toBeNull();
    expect(test.locks.statistics.counts.takenOver).toBe(1);
  });

  it('takes a reused pid, and another pid namespace, for what they are', () => {
    const [host, pid, boot, run] = splitHolder(thisHolder());
    expect(holderState([host, pid, boot, run].join(':'))).toBe('alive');
    expect(holderState([host, pid, boot, `${run}1`].join(':'))).toBe('dead');
    expect(holderState([host, pid, `${boot}1`, `${run}1`].join(':'))).toBe('unknown');
    expect(holderState(['elsewhere', pid, boot, `${run}1`].join(':'))).toBe('unknown');
    expect(holderState('nonsense')).toBe('unknown');
  });
});

function splitHolder(holder: string): string[] {
  return holder.split(':');
}

function startTicks(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]!;
}
