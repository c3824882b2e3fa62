import { describe, expect, it } from 'vitest';
import { SystemClock } from '../../../src/common/clock.js';
import { SqliteCandleStore } from '../../../src/candles/sqlite-candle-store.js';
import { candleAt, minutes, range } from '../../support/candles.js';
import { openTestLocks } from '../../support/locks.js';

const MINUTE = 60_000;

async function openStore() {
  const test = await openTestLocks();
  const store = new SqliteCandleStore(test.writer, test.reader, test.locks, new SystemClock());
  const series = await store.ensureSeries('x', 'A/B', '1m');
  const lease = (await test.locks.acquire(`series:${series.id}`))!;
  const table = <T>(name: string) => test.reader.query<T[]>(`SELECT * FROM ${name}`);
  return { ...test, store, series, lease, table };
}

const have = (from: number, to: number) => ({ from: from * MINUTE, to: to * MINUTE, state: 'have' }) as const;
const missing = (from: number, to: number, asked = 1, askedAt = 0) =>
  ({ from: from * MINUTE, to: to * MINUTE, state: 'missing', asked, askedAt }) as const;

describe('the candle store', () => {
  it('makes a series once, however many ask', async () => {
    const { store, table } = await openStore();
    const made = await Promise.all(range(0, 10).map(() => store.ensureSeries('x', 'C/D', '1h')));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(await table('series')).toHaveLength(2);
  });

  it('stores candles digit for digit, with their coverage', async () => {
    const { store, series, lease, table } = await openStore();
    const candles = minutes(...range(100, 1100));
    await store.commit(lease, { series, candles, spans: [have(100, 1100)] }, { lane: 'backfill' });
    const expected = candles.map(({ openTime, ...figures }) => ({
      series_id: series.id,
      open_time: openTime,
      ...figures,
    }));
    expect(await table('candle')).toEqual(expected);
    expect(await store.coverage(series)).toEqual([have(100, 1100)]);
  });

  it('joins neighbouring coverage and keeps what we have over what is said to be missing', async () => {
    const { store, series, lease } = await openStore();
    const commit = (...spans: Array<ReturnType<typeof have> | ReturnType<typeof missing>>) =>
      store.commit(lease, { series, candles: [], spans }, { lane: 'live' });
    await commit(have(10, 20));
    await commit(have(30, 40), missing(40, 50));
    await commit(have(20, 30));
    await commit(missing(15, 35), have(35, 45));
    expect(await store.coverage(series)).toEqual([have(10, 45), missing(45, 50)]);
  });

  it('joins holes that were asked for equally often only, and keeps the later time', async () => {
    const { store, series, lease, table } = await openStore();
    const spans = [missing(10, 20, 2, 500), missing(20, 30, 2, 700), missing(30, 40, 1, 900)];
    await store.commit(lease, { series, candles: [], spans: spans.slice(0, 1) }, { lane: 'live' });
    await store.commit(lease, { series, candles: [], spans: spans.slice(1) }, { lane: 'live' });
    expect(await store.coverage(series)).toEqual([missing(10, 30, 2, 700), missing(30, 40, 1, 900)]);
    await store.commit(lease, { series, candles: [], spans: [have(15, 35)] }, { lane: 'live' });
    expect(await store.coverage(series)).toEqual([
      missing(10, 15, 2, 700),
      have(15, 35),
      missing(35, 40, 1, 900),
    ]);
    expect(await table('coverage')).toMatchObject([{ asked: 2 }, { asked: 0, asked_at: 0 }, { asked: 1 }]);
  });

  it('changes in a ledger of many holes those that a batch touches, and finds them by their place', async () => {
    const { store, series, lease, writer } = await openStore();
    const many = range(0, 2000).flatMap((n) => [have(2 * n, 2 * n + 1), missing(2 * n + 1, 2 * n + 2)]);
    await store.commit(lease, { series, candles: [], spans: many }, { lane: 'live' });
    const sums = 'SELECT total_changes() AS changes';
    const [before] = await writer.query<[{ changes: number }]>(sums);
    await store.commit(lease, { series, candles: [], spans: [have(2001, 2002)] }, { lane: 'live' });
    const [after] = await writer.query<[{ changes: number }]>(sums);
    // The lease, three rows deleted, one made, and the note of the change.
    expect(after.changes - before.changes).toBe(6);
    expect(await store.coverage(series)).toHaveLength(4000 - 2);
  });

  it('changes nothing when the same batch comes again', async () => {
    const { store, series, lease, table } = await openStore();
    const batch = { series, candles: minutes(1, 2, 3), spans: [have(1, 4)] };
    await store.commit(lease, batch, { lane: 'live' });
    const before = await table('candle');
    await store.commit(lease, batch, { lane: 'live' });
    expect(await table('candle')).toEqual(before);
    expect(await table('candle_revision')).toEqual([]);
  });

  it('keeps the former values of a candle that comes back changed', async () => {
    const { store, series, lease, table } = await openStore();
    await store.commit(lease, { series, candles: minutes(1, 2, 3), spans: [] }, { lane: 'live' });
    const changed = { series, candles: [...minutes(1), candleAt(2 * MINUTE, 7)], spans: [] };
    expect(await store.commit(lease, changed, { lane: 'live' })).toEqual({ revised: [2 * MINUTE] });
    expect(await store.commit(lease, changed, { lane: 'live' })).toEqual({ revised: [] });
    expect(await table('series')).toMatchObject([{ revisions: 1 }]);
    const { openTime: _, ...former } = candleAt(2 * MINUTE);
    expect(await table('candle_revision')).toMatchObject([{ open_time: 2 * MINUTE, ...former }]);
    const { openTime: __, ...present } = candleAt(2 * MINUTE, 7);
    expect(await table('candle')).toMatchObject([{}, present, {}]);
  });

  it('notes milestones with the batch, or not at all', async () => {
    const { store, series, lease, table } = await openStore();
    const batch = { series, candles: minutes(1), spans: [have(1, 2)] };
    const [{ created_at: created }] = (await table<{ created_at: number }>('series')) as [
      { created_at: number },
    ];
    expect((await store.progress(series)).settledTo).toBe(created - 86_400_000);
    await store.commit(lease, batch, { lane: 'live', milestones: { settledTo: 7 } });
    await store.commit(lease, batch, { lane: 'live', milestones: { historyFrom: 5 } });
    expect(await table('series')).toMatchObject([{ settled_to: 7, history_from: 5 }]);
    const also = () => Promise.reject(new Error('no'));
    const failing = store.commit(lease, batch, { lane: 'live', milestones: { settledTo: 9 }, also });
    await expect(failing).rejects.toThrow('no');
    expect((await store.progress(series)).settledTo).toBe(7);
  });

  it('commits all of a batch or nothing of it', async () => {
    const { store, series, lease, table } = await openStore();
    const also = () => Promise.reject(new Error('no'));
    const batch = { series, candles: minutes(1), spans: [have(1, 2)] };
    await expect(store.commit(lease, batch, { lane: 'live', also })).rejects.toThrow('no');
    const wrong = { ...batch, candles: [...minutes(2), { ...candleAt(3 * MINUTE), openTime: 0.5 }] };
    await expect(store.commit(lease, wrong, { lane: 'live' })).rejects.toMatchObject({
      code: 'SQLITE_CONSTRAINT',
    });
    expect(await table('candle')).toEqual([]);
    expect(await store.coverage(series)).toEqual([]);
  });

  it('refuses figures that are no canonical decimals, whole batch and forming candle alike', async () => {
    const { store, series, lease, table } = await openStore();
    for (const volume of ['1.50', '1e3', '', 'NaN', '-0', '01', '1],[2']) {
      const candle = { ...candleAt(2 * MINUTE), volume };
      const batch = { series, candles: [...minutes(1), candle], spans: [have(1, 3)] };
      const refused = { code: 'INVALID_CANDLE' };
      await expect(store.commit(lease, batch, { lane: 'live' })).rejects.toMatchObject(refused);
      await expect(store.saveForming(lease, series, candle)).rejects.toMatchObject(refused);
    }
    expect(await table('candle')).toEqual([]);
    expect(await table('forming_candle')).toEqual([]);
  });

  it('stores nothing for a holder that has lost its lease', async () => {
    const { store, series, lease, table, writer } = await openStore();
    await writer.query(`UPDATE job_lock SET fence = fence + 1, holder = 'thief'`);
    const batch = { series, candles: minutes(1), spans: [have(1, 2)] };
    await expect(store.commit(lease, batch, { lane: 'live' })).rejects.toMatchObject({ code: 'LOCK_LOST' });
    expect(await table('candle')).toEqual([]);
    expect(await table('coverage')).toEqual([]);
  });

  it('keeps one forming candle, never an older one, and never among the closed', async () => {
    const { store, series, lease, table } = await openStore();
    await store.saveForming(lease, series, candleAt(5 * MINUTE));
    await store.saveForming(lease, series, candleAt(5 * MINUTE, 1));
    await store.saveForming(lease, series, candleAt(4 * MINUTE));
    const { openTime, ...figures } = candleAt(5 * MINUTE, 1);
    expect(await table('forming_candle')).toMatchObject([{ open_time: openTime, ...figures }]);
    expect(await table('candle')).toEqual([]);
  });

  it('does not let the next open candle take the place of one whose last word has not come', async () => {
    const { store, series, lease, table } = await openStore();
    const now = Date.now();
    const open = now - (now % MINUTE);
    const kept = async () => (await table<{ open_time: number; high: string }>('forming_candle'))[0]!;
    await store.saveForming(lease, series, candleAt(open - MINUTE));
    const next = { ...candleAt(open), openTime: now - 1000 };
    await store.saveForming(lease, series, next);
    expect(await kept()).toMatchObject({ open_time: open - MINUTE, high: candleAt(open - MINUTE).high });
    await store.commit(lease, { series, candles: [candleAt(open - MINUTE, 1)], spans: [] }, { lane: 'live' });
    await store.saveForming(lease, series, next);
    expect(await kept()).toMatchObject({ open_time: now - 1000 });
  });

  it('waits for that word for ten seconds, and no longer', async () => {
    const { store, series, lease, table } = await openStore();
    const now = Date.now();
    await store.saveForming(lease, series, candleAt(MINUTE));
    await store.saveForming(lease, series, { ...candleAt(2 * MINUTE), openTime: now - 11_000 });
    expect(await table('forming_candle')).toMatchObject([{ open_time: now - 11_000 }]);
  });
});
