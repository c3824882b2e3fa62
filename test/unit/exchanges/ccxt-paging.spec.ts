import { describe, expect, it } from 'vitest';
import { CcxtPaging, type AskForRows } from '../../../src/exchanges/ccxt/ccxt-paging.js';

const MINUTE = 60_000;
const FROM = Date.UTC(2024, 0, 1);
const FIGURES = ['1', '1', '1', '1', '1'];
const row = (time: unknown) => [time, ...FIGURES];
const window = {
  grid: '1m',
  from: FROM,
  to: FROM + 500 * MINUTE,
  now: FROM + 1440 * MINUTE,
  pageSize: 500,
} as const;

describe('rows whose time tells nothing', () => {
  it.each([
    ['no time', null],
    ['words', 'today'],
    ['seconds', FROM / 1000],
    ['microseconds', FROM * 1000],
  ])('are no silence, whether the size of a page is known or not: %s', async (_, time) => {
    const rows = [row(time), row(time)];
    for (const sizeIsKnown of [true, false]) {
      let asked = 0;
      const ask: AskForRows = () => Promise.resolve(((asked += 1), rows));
      expect(await new CcxtPaging().read(ask, { ...window, sizeIsKnown })).toEqual(
        expect.arrayContaining(rows),
      );
      expect(asked).toBeLessThanOrEqual(2);
    }
  });

  it('come with the others where the window is asked for backwards', async () => {
    const times = Array.from({ length: 500 }, (_, index) => FROM + index * MINUTE);
    const bad = row(null);
    /** The newest ones up to `until`, a hundred at a time, and a row without a time among the oldest. */
    const ask: AskForRows = (since, _, until = Infinity) => {
      const found = times.filter((time) => time >= since && time <= until).slice(-100);
      return Promise.resolve([...(found[0] === FROM ? [bad] : []), ...found.map(row)]);
    };
    const rows = (await new CcxtPaging().read(ask, { ...window, sizeIsKnown: true })) as unknown[][];
    expect(rows.filter((it) => it === bad)).toHaveLength(1);
    const read = rows.map(([time]) => time as number).filter((time) => time !== null);
    expect(read.toSorted((a, b) => a - b)).toEqual(times);
  });

  it('do not end the search of an exchange with an unknown size of page', async () => {
    const late = FROM + 150 * MINUTE;
    const ask: AskForRows = (since) =>
      Promise.resolve(since > FROM && since <= late ? [row(late), row(undefined)] : []);
    expect(await new CcxtPaging().read(ask, { ...window, sizeIsKnown: false })).toEqual([
      row(late),
      row(undefined),
    ]);
  });
});
