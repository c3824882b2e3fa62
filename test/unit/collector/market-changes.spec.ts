import { describe, expect, it } from 'vitest';
import type { MarketListRow, RegisteredSeries } from '../../../src/candles/series-register.js';
import { ABSENT_FOR_MS, judgeMarkets } from '../../../src/collector/market-changes.js';
import { parseMarkets } from '../../../src/config/market-selector.js';

const NOW = Date.UTC(2024, 0, 1);
const DAY = 86_400_000;
const SELECTORS = parseMarkets('x:*/USDT@1m,1h x:A/BTC@1m');

const market = (symbol: string, active = true) => {
  const [base = '', quote = ''] = symbol.split('/');
  return { symbol, base, quote, active };
};
const kept = (id: number, symbol: string, more: Partial<RegisteredSeries> = {}): RegisteredSeries => ({
  id,
  exchange: 'x',
  symbol,
  interval: '1m',
  state: 'active',
  absentSince: null,
  hasCandles: true,
  ...more,
});
const list = (markets: number, shortSince: number | null = null): MarketListRow => ({
  checkedAt: NOW - 600_000,
  markets,
  shortSince,
  selectors: [],
});
const judge = (
  markets: ReturnType<typeof market>[],
  series: RegisteredSeries[],
  previous: MarketListRow | null = null,
) => judgeMarkets({ now: NOW, markets, selectors: SELECTORS, kept: series, previous });
const ALL = ['A/USDT', 'B/USDT', 'C/USDT', 'D/USDT'].map((symbol) => market(symbol));

describe('a list of markets', () => {
  it('adds what the wildcards stand for, each interval once, and nothing that does not trade', () => {
    const { changes } = judge(
      [market('A/USDT'), market('B/USDT', false), market('A/BTC'), market('A/EUR')],
      [],
    );
    expect(changes.added).toEqual([
      { symbol: 'A/USDT', interval: '1m' },
      { symbol: 'A/USDT', interval: '1h' },
    ]);
    expect(judge([market('A/USDT')], [kept(1, 'A/USDT')]).changes.added).toEqual([
      { symbol: 'A/USDT', interval: '1h' },
    ]);
  });

  it('gives a market up only when it was missing before, and long enough ago', () => {
    const gone = (absentSince: number | null) => judge(ALL, [kept(1, 'Z/USDT', { absentSince })]).changes;
    expect(gone(null)).toMatchObject({ absent: [1], delisted: [] });
    expect(gone(NOW - ABSENT_FOR_MS + 1)).toMatchObject({ absent: [], delisted: [] });
    expect(gone(NOW - ABSENT_FOR_MS)).toMatchObject({ absent: [], delisted: [1] });
  });

  it('forgets that a market was missing when it is back before it was given up', () => {
    expect(judge(ALL, [kept(1, 'A/USDT', { absentSince: NOW - 1 })]).changes).toMatchObject({
      present: [1],
      relisted: [],
      delisted: [],
    });
  });

  it('takes a delisted market up again when it trades, and leaves a paused one paused', () => {
    const series = [
      kept(1, 'A/USDT', { state: 'delisted', absentSince: 1 }),
      kept(2, 'B/USDT', { state: 'paused' }),
    ];
    expect(judge(ALL, series).changes).toMatchObject({ relisted: [1], present: [], absent: [] });
    const paused = [kept(2, 'Z/USDT', { state: 'paused', absentSince: 1 })];
    expect(judge(ALL, paused).changes).toMatchObject({ delisted: [], absent: [] });
  });

  it('does not give up what was never there: a name that is misspelt, or not listed yet', () => {
    const absent = { absentSince: 1, hasCandles: false };
    expect(judge(ALL, [kept(1, 'A/BTC', absent)]).changes.delisted).toEqual([]);
    expect(judge(ALL, [kept(1, 'Z/USDT', absent)]).changes.delisted).toEqual([1]);
  });

  it('is not believed when it lost more than half, of what it does not hold; of what it holds, it is', () => {
    const series = [kept(1, 'Z/USDT', { absentSince: 1 }), kept(2, 'A/USDT', { state: 'delisted' })];
    const verdict = judge(ALL, series, list(9));
    expect(verdict).toMatchObject({ tooShort: true, list: { markets: 9, shortSince: NOW } });
    expect(verdict.changes).toMatchObject({ absent: [], delisted: [], relisted: [2] });
    expect(judge(ALL, series, list(8)).changes.delisted).toEqual([1]);
  });

  it('is believed in the end when the lists stay short for a day', () => {
    const series = [kept(1, 'Z/USDT', { absentSince: 1 })];
    expect(judge(ALL, series, list(100, NOW - DAY + 1)).list.shortSince).toBe(NOW - DAY + 1);
    const verdict = judge(ALL, series, list(100, NOW - DAY));
    expect(verdict).toMatchObject({ tooShort: false, list: { markets: 4, shortSince: null } });
    expect(verdict.changes.delisted).toEqual([1]);
  });

  it('says nothing of series that the configuration does not name', () => {
    expect(judge(ALL, [kept(1, 'Z/EUR', { absentSince: 1 })]).changes).toMatchObject({
      absent: [],
      delisted: [],
    });
  });
});
