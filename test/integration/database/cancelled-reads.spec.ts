import { describe, expect, it } from 'vitest';
import { cancellable, shared } from '../../../src/common/cancellation.js';
import { openTestDatabase } from '../../support/database.js';
import { until } from '../../support/fixtures/until.js';

const ENDLESS = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n';

async function open() {
  const { reader, database } = await openTestDatabase();
  /** Borrows so many connections. */
  const hold = async (count: number) => {
    const runners = Array.from({ length: count }, () => reader.createQueryRunner());
    await Promise.all(runners.map((runner) => runner.connect()));
    return () => Promise.all(runners.map((runner) => runner.release()));
  };
  return { ask: (sql: string) => reader.query(sql), pool: database.readers, hold };
}

describe('a read that nobody waits for any more', () => {
  it('ends in mid-statement, with the reason, and its connection goes on being used', async () => {
    const { ask, pool } = await open();
    const going = new AbortController();
    const read = cancellable(going.signal, () => ask(ENDLESS));
    await until(() => pool.status.busy === 1);
    // An interruption has no effect on a statement that has not begun.
    const told = expect(read).rejects.toThrow('gone');
    await ask('SELECT 1');
    going.abort(new Error('gone'));
    await told;
    expect(pool.status).toMatchObject({ busy: 0, waiting: 0 });
    expect(await ask('SELECT 2 AS two')).toEqual([{ two: 2 }]);
  });

  it('leaves the line of those who wait for a connection', async () => {
    const { ask, pool, hold } = await open();
    const release = await hold(pool.size);
    const going = new AbortController();
    const waiting = cancellable(going.signal, () => ask('SELECT 1'));
    const other = ask('SELECT 3 AS three');
    await until(() => pool.status.waiting === 2);
    going.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    expect(pool.status.waiting).toBe(1);
    await release();
    expect(await other).toEqual([{ three: 3 }]);
    expect(pool.status).toMatchObject({ busy: 0, waiting: 0 });
  });

  it('does not begin', async () => {
    const { ask } = await open();
    await expect(cancellable(AbortSignal.abort(new Error('gone')), () => ask('SELECT 1'))).rejects.toThrow(
      'gone',
    );
  });

  it('goes on where others wait for it as well', async () => {
    const { ask } = await open();
    const gone = AbortSignal.abort(new Error('gone'));
    expect(await cancellable(gone, () => shared(() => ask('SELECT 1 AS one')))).toEqual([{ one: 1 }]);
  });
});
