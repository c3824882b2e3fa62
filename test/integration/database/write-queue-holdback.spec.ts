import { describe, expect, it } from 'vitest';
import { inLane, type Lane } from '../../../src/database/lanes.js';
import type { LockEvent } from '../../../src/database/lock-statistics.js';
import { openTestDatabase } from '../../support/database.js';
import { ManualClock } from '../../support/fixtures/manual-clock.js';
import { INSERT, noteIds, WITH_NOTES } from '../../support/fixtures/notes.js';
import { gate, until } from '../../support/fixtures/until.js';

async function openQueue() {
  const clock = new ManualClock();
  const database = await openTestDatabase({ ...WITH_NOTES, clock });
  const order: string[] = [];
  const run = (lane: Lane, name: string = lane, signal?: AbortSignal) =>
    inLane(lane, () => database.writer.transaction(async () => void order.push(name)), { signal });
  return { ...database, clock, order, run, queue: database.database.queue };
}

describe('a pause', () => {
  it('holds the bulk lanes back, and nobody else', async () => {
    const { queue, run, order } = await openQueue();
    queue.pause('the WAL must start over');
    const bulk = [run('backfill'), run('maintenance')];
    await Promise.all([run('live'), run('locks')]);
    expect(order).toEqual(['live', 'locks']);
    expect(queue.status).toMatchObject({
      depth: { backfill: 1, maintenance: 1 },
      paused: 'the WAL must start over',
    });
    queue.resume();
    await Promise.all(bulk);
    expect(order).toEqual(['live', 'locks', 'backfill', 'maintenance']);
  });

  it('fails who would rather fail than wait: those in the queue, and those that come', async () => {
    const { queue, writer, order } = await openQueue();
    const loan = await queue.acquire();
    const hasty = (name: string) =>
      inLane('backfill', () => writer.transaction(async () => void order.push(name)), { ifPaused: 'fail' });
    const waiting = hasty('in the queue');
    await until(() => queue.status.depth.backfill === 1);
    queue.pause('the WAL must start over');
    await expect(waiting).rejects.toMatchObject({ code: 'BULK_PAUSED' });
    await expect(hasty('that comes')).rejects.toMatchObject({ code: 'BULK_PAUSED' });
    queue.resume();
    await loan.release();
    await hasty('after the pause');
    expect(order).toEqual(['after the pause']);
  });

  it('is not counted against the patience of those that it holds back', async () => {
    const { queue, run, clock, statistics } = await openQueue();
    queue.pause('because');
    const bulk = run('backfill');
    await until(() => queue.status.depth.backfill === 1);
    clock.advance(300_000);
    expect(statistics.timeoutsTotal).toBe(0);
    queue.resume();
    await bulk;
  });
});

describe('the gap after bulk work', () => {
  it('is left while other processes write, for bulk work only', async () => {
    const { queue, run, clock, order } = await openQueue();
    queue.expectCompany(1);
    await run('backfill', 'bulk 1');
    const bulk = run('backfill', 'bulk 2');
    await run('live');
    expect(order).toEqual(['bulk 1', 'live']);
    clock.advance(4);
    expect(queue.status.depth.backfill).toBe(1);
    clock.advance(2);
    await bulk;
    expect(order).toEqual(['bulk 1', 'live', 'bulk 2']);
  });

  it('is not left when nobody else writes', async () => {
    const { run, order } = await openQueue();
    await run('backfill', 'bulk 1');
    await run('backfill', 'bulk 2'); // the clock stands still: a gap would never end
    expect(order).toEqual(['bulk 1', 'bulk 2']);
  });
});

describe('an AbortSignal', () => {
  it('ends the wait for a turn, and leaves no trace in the queue', async () => {
    const { queue, run, order } = await openQueue();
    const loan = await queue.acquire();
    const stop = new AbortController();
    const waiting = run('live', 'given up', stop.signal);
    await until(() => queue.status.depth.live === 1);
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect(queue.status.depth.live).toBe(0);
    await loan.release();
    await run('live', 'next');
    expect(order).toEqual(['next']);
  });

  it('does not cut short a turn that has begun', async () => {
    const { writer, reader } = await openQueue();
    const stop = new AbortController();
    const [begun, goOn] = [gate(), gate()];
    const work = () =>
      writer.transaction(async (manager) => {
        await manager.query(INSERT, [1]);
        begun.open();
        await goOn.opened;
      });
    const running = inLane('live', work, { signal: stop.signal });
    await begun.opened;
    stop.abort(new Error('too late'));
    goOn.open();
    await running;
    expect(await noteIds(reader)).toEqual([1]);
  });
});

describe('what the queue reports', () => {
  it('is one wait and one hold per turn, by lane', async () => {
    const { run, statistics, queue } = await openQueue();
    const events: LockEvent[] = [];
    statistics.observe((event) => events.push(event));
    await run('live');
    await run('backfill');
    await until(() => queue.status.holder === null);
    const of = (kind: string) => events.filter((event) => event.kind === kind);
    expect(of('waited')).toMatchObject([{ lane: 'live' }, { lane: 'backfill' }]);
    expect(of('held')).toMatchObject([{ lane: 'live' }, { lane: 'backfill' }]);
  });
});

describe('a writer that finds the file damaged', () => {
  it('writes nothing more, says so, and goes on reading', async () => {
    const { database, writer, reader } = await openQueue();
    database.health.failed('stop', 'SQLITE_CORRUPT');
    await expect(writer.query(INSERT, [1])).rejects.toMatchObject({ code: 'DATABASE_DAMAGED' });
    database.health.succeeded();
    expect(database.health.state).toMatchObject({ state: 'stopped', code: 'SQLITE_CORRUPT' });
    expect(await noteIds(reader)).toEqual([]);
  });

  it('is told of a full disk, and of the first commit after it', async () => {
    const { database, writer } = await openQueue();
    const [{ page_count: pages }] = await writer.query<[{ page_count: number }]>('PRAGMA page_count');
    await writer.query(`PRAGMA max_page_count = ${pages}`);
    const large = 'x'.repeat(20_000);
    await expect(writer.query('INSERT INTO note (id, text) VALUES (?, ?)', [1, large])).rejects.toMatchObject(
      { code: 'SQLITE_FULL' },
    );
    expect(database.health.state).toMatchObject({ state: 'degraded', code: 'SQLITE_FULL' });
    await writer.query('PRAGMA max_page_count = 100000');
    await writer.query('INSERT INTO note (id, text) VALUES (?, ?)', [1, large]);
    expect(database.health.state).toMatchObject({ state: 'ok', code: null });
  });
});

describe('a reader that stays', () => {
  const ENDLESS = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n`;

  it('is interrupted, its connection is discarded, and the pool goes on', async () => {
    const { database, reader, clock } = await openQueue();
    const endless = reader.query(ENDLESS);
    const failed = expect(endless).rejects.toMatchObject({ code: 'READ_TOO_LONG' });
    await until(() => database.readers.status.busy === 1);
    clock.advance(2001);
    await until(() => {
      database.readers.interruptOlderThan(2000);
      return database.readers.status.busy === 0;
    });
    await failed;
    await until(() => database.readers.status.busy === 0);
    expect(database.readers.oldestMs).toBe(0);
    expect(await noteIds(reader)).toEqual([]);
  });

  it('ends also what begins to run after the first interruption has gone by', async () => {
    const { database, reader, clock } = await openQueue();
    const runner = reader.createQueryRunner();
    await runner.startTransaction();
    clock.advance(2001);
    expect(database.readers.interruptOlderThan(2000)).toBe(1); // nothing runs: no effect
    const failed = expect(runner.query(ENDLESS)).rejects.toMatchObject({ code: 'READ_TOO_LONG' });
    let over = false;
    void failed.then(() => (over = true));
    await until(() => {
      database.readers.interruptOlderThan(2000);
      return over;
    });
    await runner.release();
    expect(await noteIds(reader)).toEqual([]);
  });

  it('loses an idle transaction by the second time', async () => {
    const { database, reader, clock } = await openQueue();
    const runner = reader.createQueryRunner();
    await runner.startTransaction();
    await runner.query('SELECT count(*) FROM note');
    clock.advance(2001);
    expect(database.readers.interruptOlderThan(2000)).toBe(1);
    expect(database.readers.interruptOlderThan(2000)).toBe(1);
    expect(database.readers.interruptOlderThan(2000)).toBe(0);
    await expect(runner.query('SELECT 1')).rejects.toMatchObject({ code: 'READ_TOO_LONG' });
    await runner.release();
    expect(await noteIds(reader)).toEqual([]);
  });
});
