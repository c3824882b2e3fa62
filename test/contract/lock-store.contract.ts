import { beforeEach, describe, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import type { LockStore } from '../../src/locks/lock-store.js';
import { until } from '../support/fixtures/until.js';

const LONG = 60_000;
const SHORT = 1;

/** What every `LockStore` must do, whatever the database. */
export function lockStoreContract(open: () => Promise<{ store: LockStore; writer: DataSource }>): void {
  describe('a lock store', () => {
    let store: LockStore;
    let writer: DataSource;

    beforeEach(async () => {
      ({ store, writer } = await open());
    });

    const expired = (name: string) => until(async () => (await store.find(name))?.held === false);

    it('gives a free lease with fence 1, and refuses it to another while it is held', async () => {
      expect(await store.acquire('job', 'a', LONG)).toBe(1);
      expect(await store.acquire('job', 'b', LONG)).toBeNull();
      expect(await store.acquire('job', 'a', LONG)).toBeNull();
      expect(await store.find('job')).toMatchObject({ holder: 'a', fence: 1, held: true });
    });

    it('gives it to exactly one of many who ask at once', async () => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) => store.acquire('job', `h${n}`, LONG)),
      );
      expect(answers.filter((fence) => fence !== null)).toEqual([1]);
    });

    it('raises the fence with every acquisition, over expiry and release', async () => {
      await store.acquire('job', 'a', SHORT);
      await expired('job');
      expect(await store.acquire('job', 'b', LONG)).toBe(2);
      await store.release({ name: 'job', holder: 'b', fence: 2 }, 0);
      expect(await store.acquire('job', 'a', LONG)).toBe(3);
    });

    it('renews for the holder of the newest fence only', async () => {
      await store.acquire('job', 'a', SHORT);
      await expired('job');
      // Nobody took it over, so the late renewal holds.
      expect(await store.renew({ name: 'job', holder: 'a', fence: 1 }, SHORT)).toBe(true);
      await expired('job');
      await store.acquire('job', 'b', LONG);
      expect(await store.renew({ name: 'job', holder: 'a', fence: 1 }, LONG)).toBe(false);
      expect(await store.renew({ name: 'job', holder: 'b', fence: 1 }, LONG)).toBe(false);
      expect(await store.renew({ name: 'job', holder: 'b', fence: 2 }, LONG)).toBe(true);
    });

    it('is not released, and once released not revived, by a straggler', async () => {
      await store.acquire('job', 'a', SHORT);
      await expired('job');
      await store.acquire('job', 'b', LONG);
      await store.release({ name: 'job', holder: 'a', fence: 1 }, 0);
      expect(await store.find('job')).toMatchObject({ holder: 'b', fence: 2, held: true });
      await store.release({ name: 'job', holder: 'b', fence: 2 }, 0);
      expect(await store.renew({ name: 'job', holder: 'b', fence: 2 }, LONG)).toBe(false);
      expect(await store.find('job')).toMatchObject({ holder: '', held: false });
    });

    it('is kept from everybody until the minimum hold has passed', async () => {
      await store.acquire('job', 'a', LONG);
      await store.release({ name: 'job', holder: 'a', fence: 1 }, LONG);
      expect(await store.acquire('job', 'b', LONG)).toBeNull();
    });

    it('is taken at once from a dead acquisition that is named, and from no other', async () => {
      await store.acquire('job', 'dead', LONG);
      expect(await store.acquire('job', 'b', LONG, { name: 'job', holder: 'dead', fence: 7 })).toBeNull();
      expect(await store.acquire('job', 'b', LONG, { name: 'job', holder: 'dead', fence: 1 })).toBe(2);
      expect(await store.acquire('job', 'c', LONG, { name: 'job', holder: 'dead', fence: 1 })).toBeNull();
    });

    it('checks the fence inside the transaction that it is given', async () => {
      await store.acquire('job', 'a', LONG);
      await writer
        .transaction(async (manager) => {
          expect(await store.renew({ name: 'job', holder: 'a', fence: 1 }, 10 * LONG, { manager })).toBe(
            true,
          );
          throw new Error('rolled back');
        })
        .catch(() => undefined);
      const row = await store.find('job');
      expect(row!.expiresAt - row!.renewedAt).toBe(LONG);
    });

    it('lists all leases, by name', async () => {
      await store.acquire('b', 'x', LONG);
      await store.acquire('a', 'x', LONG);
      expect((await store.list()).map(({ name }) => name)).toEqual(['a', 'b']);
    });
  });
}
