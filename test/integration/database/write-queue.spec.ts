import { describe, expect, it, onTestFinished } from 'vitest';
import { inLane, LANES, type Lane } from '../../../src/database/lanes.js';
import { SqliteConnection } from '../../../src/database/sqlite/sqlite-connection.js';
import { openTestDatabase } from '../../support/database.js';
import { ManualClock } from '../../support/fixtures/manual-clock.js';
import { INSERT, noteIds, WITH_NOTES } from '../../support/fixtures/notes.js';
import { until } from '../../support/fixtures/until.js';

/** A database whose writer is held, so that tasks queue up in the order in which they are added. */
async function heldWriter() {
  const clock = new ManualClock();
  const database = await openTestDatabase({ ...WITH_NOTES, clock });
  const { queue } = database.database;
  const runner = database.writer.createQueryRunner();
  await runner.connect();
  const order: string[] = [];
  const tasks: Array<Promise<unknown>> = [];

  return {
    ...database,
    clock,
    queue,
    async add(lane: Lane, name: string = lane): Promise<void> {
      const before = queue.status.depth[lane];
      tasks.push(inLane(lane, () => database.writer.transaction(async () => void order.push(name))));
      await until(() => queue.status.depth[lane] > before);
    },
    async release(): Promise<string[]> {
      await runner.release();
      await Promise.all(tasks);
      return order;
    },
  };
}

describe('lanes', () => {
  it('are served live, locks, backfill, maintenance, whatever the order of arrival', async () => {
    const writer = await heldWriter();
    for (const lane of LANES.toReversed()) await writer.add(lane);
    expect(await writer.release()).toEqual(['live', 'locks', 'backfill', 'maintenance']);
  });

  it('are first come first served each', async () => {
    const writer = await heldWriter();
    for (const name of ['a', 'b', 'c']) {
      await writer.add('backfill', `backfill ${name}`);
      await writer.add('live', `live ${name}`);
    }
    expect(await writer.release()).toEqual([
      'live a',
      'live b',
      'live c',
      'backfill a',
      'backfill b',
      'backfill c',
    ]);
  });

  it.each([
    { lane: 'locks', old: 11, young: 9 },
    { lane: 'backfill', old: 251, young: 249 },
    { lane: 'maintenance', old: 1001, young: 999 },
  ] as const)(
    'let a task of $lane pass a new live one when it is $old ms old',
    async ({ lane, old, young }) => {
      for (const [age, expected] of [
        [old, [lane, 'live']],
        [young, ['live', lane]],
      ] as const) {
        const writer = await heldWriter();
        await writer.add(lane);
        writer.clock.advance(age);
        await writer.add('live');
        expect(await writer.release()).toEqual(expected);
      }
    },
  );

  it('default to live, and are inherited by everything inside', async () => {
    const { writer, queue, add, release } = await heldWriter();
    const unnamed = writer.query('SELECT 1');
    await until(() => queue.status.depth.live === 1);
    const inherited = inLane('maintenance', async () => {
      await Promise.resolve();
      return writer.getRepository('Note').find();
    });
    await until(() => queue.status.depth.maintenance === 1);
    await add('locks');
    expect(queue.status.depth).toEqual({ live: 1, locks: 1, backfill: 0, maintenance: 1 });
    await release();
    await Promise.all([unnamed, inherited]);
  });
});

describe('the status of the queue', () => {
  it('tells depth, the oldest task’s age and the holder', async () => {
    const { queue, clock, add, release } = await heldWriter();
    await add('backfill');
    clock.advance(70);
    await add('live');
    clock.advance(30);
    expect(queue.status).toEqual({
      depth: { live: 1, locks: 0, backfill: 1, maintenance: 0 },
      oldestMs: 100,
      holder: { lane: 'live', heldMs: 100 },
      paused: null,
    });
    await release();
    await until(() => queue.status.holder === null);
    expect(queue.status.oldestMs).toBe(0);
  });
});

describe('patience', () => {
  it('ends for a task after 30 s in the queue, is counted, and the queue goes on', async () => {
    const { queue, clock, writer, add, release, statistics } = await heldWriter();
    const waiting = writer.query('SELECT 1');
    const failed = expect(waiting).rejects.toMatchObject({ code: 'WRITE_LOCK_TIMEOUT' });
    await until(() => queue.status.depth.live === 1);
    clock.advance(29_999);
    expect(queue.status.depth.live).toBe(1);
    clock.advance(1);
    await failed;
    expect(queue.status.depth.live).toBe(0);

    await add('live');
    expect(await release()).toEqual(['live']);
    expect(statistics).toMatchObject({ timeoutsTotal: 1, timeoutsLastHour: 1 });
    clock.advance(3_600_001);
    expect(statistics).toMatchObject({ timeoutsTotal: 1, timeoutsLastHour: 0 });
  });

  it('ends after 10 s of another process holding the write lock; afterwards transactions work', async () => {
    const clock = new ManualClock();
    const { writer, reader, file, statistics } = await openTestDatabase({ ...WITH_NOTES, clock });
    const foreign = await SqliteConnection.open(file, 'rw');
    onTestFinished(() => foreign.close());
    await foreign.run('BEGIN IMMEDIATE');

    for (const write of [
      () => writer.query(INSERT, [1]),
      () => writer.transaction((manager) => manager.query(INSERT, [1])),
    ]) {
      const begun = clock.monotonic();
      const outcome = write().then(
        () => 'written',
        (error: { code: string }) => error.code,
      );
      let settled: string | undefined;
      void outcome.then((result) => (settled = result));
      await until(() => {
        clock.advance(100);
        return settled !== undefined;
      });
      expect(settled).toBe('WRITE_LOCK_TIMEOUT');
      expect(clock.monotonic() - begun).toBeGreaterThanOrEqual(10_000);
    }
    expect(statistics.timeoutsTotal).toBe(2);
    expect(statistics.busy.begin).toBeGreaterThan(2);
    expect(await noteIds(reader)).toEqual([]);

    await foreign.run('COMMIT');
    await writer.transaction((manager) => manager.query(INSERT, [2]));
    expect(await noteIds(reader)).toEqual([2]);
  });

  it('lets a transaction begin as soon as another process commits', async () => {
    const { writer, reader, file, statistics } = await openTestDatabase(WITH_NOTES);
    const foreign = await SqliteConnection.open(file, 'rw');
    onTestFinished(() => foreign.close());
    await foreign.run('BEGIN IMMEDIATE');
    await foreign.run(INSERT, [1]);

    const waiting = writer.transaction(async (manager) => {
      expect(await noteIds(manager)).toEqual([1]);
      await manager.query(INSERT, [2]);
    });
    await until(() => statistics.busy.begin > 0);
    await foreign.run('COMMIT');
    await waiting;
    expect(await noteIds(reader)).toEqual([1, 2]);
    expect(statistics.busy.unexpected).toBe(0);
  });
});

describe('closing', () => {
  it('refuses those who wait, and waits for the holder', async () => {
    const { writer, reader, database } = await openTestDatabase(WITH_NOTES);
    const runner = writer.createQueryRunner();
    await runner.startTransaction();
    await runner.query(INSERT, [1]);
    const waiting = expect(writer.query(INSERT, [2])).rejects.toMatchObject({ code: 'DATABASE_CLOSED' });
    await until(() => database.queue.status.depth.live === 1);

    const closed = database.queue.close();
    await waiting;
    await runner.commitTransaction();
    await runner.release();
    await closed;
    expect(await noteIds(reader)).toEqual([1]);
    await expect(writer.query(INSERT, [3])).rejects.toMatchObject({ code: 'DATABASE_CLOSED' });
  });
});
