import { describe, expect, it } from 'vitest';
import { SystemClock } from '../../../src/common/clock.js';
import { MAX_ROWS } from '../../../src/candles/quarantine.js';
import { QuarantineReader } from '../../../src/candles/quarantine-reader.js';
import type { Rejection } from '../../../src/candles/rejections.js';
import type { CandleFault, RejectedCandle } from '../../../src/candles/soundness.js';
import { SqliteCandleStore } from '../../../src/candles/sqlite-candle-store.js';
import { minutes, range } from '../../support/candles.js';
import { openTestLocks } from '../../support/locks.js';

const MINUTE = 60_000;
const bad = (
  minute: number | null,
  reason: CandleFault = 'off_grid',
  payload = `[${minute}]`,
): RejectedCandle => ({
  openTime: minute === null ? null : minute * MINUTE,
  reason,
  payload,
});

async function openStore() {
  const test = await openTestLocks();
  const store = new SqliteCandleStore(test.writer, test.reader, test.locks, new SystemClock());
  const series = await store.ensureSeries('x', 'A/B', '1m');
  const lease = (await test.locks.acquire(`series:${series.id}`))!;
  const reader = new QuarantineReader(test.reader);
  const told: Rejection[] = [];
  store.rejections.observe((rejection) => told.push(rejection));
  const commit = (rejected: readonly RejectedCandle[], candles = minutes(), target = series) =>
    store.commit(lease, { series: target, candles, spans: [], rejected }, { lane: 'live' });
  const read = (options = {}) => reader.read(series.id, { limit: 100, ...options });
  return { ...test, store, series, lease, told, commit, read };
}

describe('quarantine', () => {
  it('keeps what was rejected as it was sent, with its reason, in the transaction of the page', async () => {
    const { commit, read, told, series } = await openStore();
    await commit(
      [bad(7, 'volume_negative', '["7","-1"]'), bad(null, 'time_unreadable', '"soon"')],
      minutes(6, 8),
    );
    expect(await read()).toMatchObject({
      rejections: 2,
      next: null,
      rows: [
        { openTime: null, reason: 'time_unreadable', payload: '"soon"', times: 1, resolved: false },
        { openTime: 7 * MINUTE, reason: 'volume_negative', payload: '["7","-1"]', times: 1, resolved: false },
      ],
    });
    expect(told).toMatchObject([{ series, rejected: [{}, {}] }]);
  });

  it('counts the same row again, in one answer or in several, and tells when a candle has come for it', async () => {
    const { commit, read } = await openStore();
    await commit([bad(7), bad(7)]);
    await commit([bad(7), bad(7, 'off_grid', 'other'), bad(7, 'not_begun')]);
    await commit([], minutes(7));
    const { rows, rejections } = await read();
    expect(rejections).toBe(5);
    expect(rows.map(({ reason, payload, times, resolved }) => [reason, payload, times, resolved])).toEqual([
      ['not_begun', '[7]', 1, true],
      ['off_grid', 'other', 1, true],
      ['off_grid', '[7]', 3, true],
    ]);
    expect(rows.every(({ firstSeen, lastSeen }) => firstSeen <= lastSeen)).toBe(true);
  });

  it('keeps so many rows of a series and counts those beyond', async () => {
    const { commit, read, store, series, reader } = await openStore();
    await commit(range(0, MAX_ROWS - 1).map((minute) => bad(minute)));
    await commit([bad(5000), bad(5001), bad(3), bad(5002)]);
    await commit([bad(5003), bad(4)]);
    const { rows, rejections } = await read({ limit: 1000 });
    expect(rejections).toBe(MAX_ROWS - 1 + 6);
    expect(rows).toHaveLength(MAX_ROWS);
    const times = (minute: number) => rows.find(({ openTime }) => openTime === minute * MINUTE)?.times;
    expect([3, 4, 5000, 5001, 5002, 5003].map(times)).toEqual([2, 2, 1, undefined, undefined, undefined]);

    const other = await store.ensureSeries('x', 'C/D', '1m');
    await commit([bad(1)], minutes(), other);
    expect(await new QuarantineReader(reader).read(other.id, { limit: 1 })).toMatchObject({ rows: [{}] });
    expect((await read({ limit: 1000 })).rows).toHaveLength(MAX_ROWS);
    expect(series.id).not.toBe(other.id);
  });

  it('is read page by page, newest first, without a repetition or an omission', async () => {
    const { commit, read } = await openStore();
    await commit(range(0, 25).map((minute) => bad(minute)));
    const seen: Array<number | null> = [];
    for (let before: number | null = Number.MAX_SAFE_INTEGER; before !== null;) {
      const { rows, next } = await read({ limit: 10, before });
      seen.push(...rows.map(({ openTime }) => openTime));
      before = next;
    }
    expect(seen).toEqual(
      range(0, 25)
        .toReversed()
        .map((minute) => minute * MINUTE),
    );
  });

  it('takes in nothing from a holder that has lost its lease, and tells nobody', async () => {
    const { commit, read, writer, told } = await openStore();
    await writer.query(`UPDATE job_lock SET fence = fence + 1, holder = 'thief'`);
    await expect(commit([bad(7)], minutes(6))).rejects.toMatchObject({ code: 'LOCK_LOST' });
    expect(await read()).toEqual({ rejections: 0, rows: [], next: null });
    expect(told).toEqual([]);
  });

  it('counts once what comes with a batch that is stored in parts', async () => {
    const { commit, read } = await openStore();
    await commit([bad(1)], minutes(...range(10, 20_010)));
    expect(await read()).toMatchObject({ rejections: 1, rows: [{ times: 1 }] });
  });
});

describe('the grid of a series', () => {
  it('is moved while there are no candles, and what was said by the old one is forgotten', async () => {
    const { store, series, lease } = await openStore();
    const spans = [{ from: 0, to: MINUTE, state: 'missing' as const }];
    await store.commit(lease, { series, candles: [], spans }, { lane: 'live' });
    const moved = await store.moveGrid(lease, series, 1234);
    expect(moved).toEqual({ ...series, anchor: 1234 });
    expect(await store.ensureSeries('x', 'A/B', '1m')).toEqual(moved);
    expect(await store.coverage(series)).toEqual([]);
  });

  it('stays where candles have been stored by it', async () => {
    const { store, series, lease, commit } = await openStore();
    await commit([], minutes(1));
    expect(await store.moveGrid(lease, series, 1234)).toBe(series);
    expect(await store.ensureSeries('x', 'A/B', '1m')).toEqual(series);
  });

  it('is not moved by a holder that has lost its lease', async () => {
    const { store, series, lease, writer } = await openStore();
    await writer.query(`UPDATE job_lock SET fence = fence + 1, holder = 'thief'`);
    await expect(store.moveGrid(lease, series, 1)).rejects.toMatchObject({ code: 'LOCK_LOST' });
  });
});
