import { describe, expect, it } from 'vitest';
import {
  RevisionReader,
  SELECT_REVISIONS,
  type RevisionCursor,
} from '../../../src/candles/revision-reader.js';
import { SqliteCandleStore } from '../../../src/candles/sqlite-candle-store.js';
import { SystemClock } from '../../../src/common/clock.js';
import { candleAt, range } from '../../support/candles.js';
import { openTestLocks } from '../../support/locks.js';

const MINUTE = 60_000;

/** Ten candles, each changed three times; another series beside it. */
async function open() {
  const { writer, reader, locks } = await openTestLocks();
  const store = new SqliteCandleStore(writer, reader, locks, new SystemClock());
  const lease = (await locks.acquire('series'))!;
  const series = await store.ensureSeries('x', 'A/B', '1m');
  const other = await store.ensureSeries('x', 'C/D', '1m');
  for (const [round, target] of [series, series, other, series, other, series].entries()) {
    const candles = range(1, 11).map((minute) => candleAt(minute * MINUTE, round));
    await store.commit(lease, { series: target, candles, spans: [] }, { lane: 'live' });
    await writer.query('UPDATE candle_revision SET revised_at = ? WHERE revised_at > 1000', [100 + round]);
  }
  return { reader, revisions: new RevisionReader(reader), series, other };
}

const row = (minute: number, round: number, revisedAt: number) => {
  const { openTime, open, high, low, close, volume } = candleAt(minute * MINUTE, round);
  return `{"revisedAt":${revisedAt},"former":[${[openTime, open, high, low, close, volume].join(',')}]}`;
};

describe('revisions', () => {
  it('are the former figures, digit for digit, the latest change first', async () => {
    const { revisions, series, other } = await open();
    const minutes = range(1, 11).toReversed();
    const { text, next } = await revisions.read(series.id, 100);
    expect(text.toString()).toBe(
      [
        ...minutes.map((minute) => row(minute, 3, 105)),
        ...minutes.map((minute) => row(minute, 1, 103)),
        ...minutes.map((minute) => row(minute, 0, 101)),
      ].join(','),
    );
    expect(next).toBeNull();
    expect((await revisions.read(other.id, 100)).text.toString()).toBe(
      minutes.map((minute) => row(minute, 2, 104)).join(','),
    );
  });

  it.each([1, 7, 10, 29, 30])('come in pages of %d that neither repeat nor skip one', async (limit) => {
    const { revisions, series } = await open();
    const whole = (await revisions.read(series.id, 100)).text.toString();
    const pages: string[] = [];
    let before: RevisionCursor | undefined;
    for (;;) {
      const { text, next } = await revisions.read(series.id, limit, before);
      pages.push(text.toString());
      if (!next) break;
      before = next;
    }
    expect(pages.join(',')).toBe(whole);
    expect(pages).toHaveLength(Math.ceil(30 / limit));
  });

  it('are found by their place, not by looking at all of them', async () => {
    const { reader } = await open();
    const plan = await reader.query<Array<{ detail: string }>>(
      `EXPLAIN QUERY PLAN ${SELECT_REVISIONS}`,
      [1, 1, 1, 1, 1, 1, 1],
    );
    const details = plan.map(({ detail }) => detail).join('\n');
    expect(details).toContain(
      'SEARCH candle_revision USING INDEX candle_revision_newest (series_id=? AND (revised_at,open_time)<(?,?))',
    );
  });
});
