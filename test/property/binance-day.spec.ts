import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CandlePages } from '../../src/candles/candle-pages.js';
import { CandleReader } from '../../src/candles/candle-reader.js';
import { RollupReader } from '../../src/candles/rollup-reader.js';
import { SeriesReader } from '../../src/candles/series-reader.js';
import { toDay } from '../../src/protocols/binance/day.js';
import { TickerReader } from '../../src/protocols/binance/ticker-reader.js';
import { candleAt, range } from '../support/candles.js';
import { ManualClock } from '../support/fixtures/manual-clock.js';
import { openRollups } from '../support/rollups.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2024, 6, 1);
const LENGTH = 2 * 1440 + 47;
const MINUTES = range(0, LENGTH)
  .filter((minute) => minute % 331 !== 5 && !(minute > 1500 && minute < 1640) && minute !== 2879)
  .map((minute) => candleAt(START + minute * MINUTE));
/** After the last of them. */
const NEXT_HOUR = START + 49 * HOUR;
const MARKET = {
  exchange: 'x',
  symbol: 'A/B',
  id: 'AB',
  base: 'A',
  quote: 'B',
  intervals: ['1m', '1h'],
  active: true,
} as const;

it('a day is what its minutes make, though it is read by the hour, whatever the time is', async () => {
  const { reader, commit } = await openRollups();
  await commit(MINUTES);
  const dayAt = (now: number) => {
    const clock = new ManualClock(now);
    const series = new SeriesReader(reader, clock);
    const pages = new CandlePages(new CandleReader(reader), new RollupReader(reader));
    return new TickerReader(series, pages, clock).day(MARKET);
  };
  // Around the full hour, most of all.
  const now = fc
    .tuple(
      fc.integer({ min: 0, max: 25 }),
      fc.constantFrom(-2, -1, 0, 1, 2, 13, 30),
      fc.integer({ min: 0, max: 59_999 }),
    )
    .map(([hour, minute, ms]) => NEXT_HOUR + hour * HOUR + minute * MINUTE + ms);
  await fc.assert(
    fc.asyncProperty(now, async (time) => {
      const { quoteVolume, ...day } = await dayAt(time);
      const openTime = Math.floor((time - DAY) / MINUTE) * MINUTE;
      const near = MINUTES.filter((candle) => candle.openTime >= openTime - MINUTE);
      const known = MINUTES.at(-1)!.close;
      const { quoteVolume: ofMinutes, ...expected } = toDay(near, { openTime, closeTime: time, known });
      expect(day).toEqual(expected);
      // Both are estimates, and the prices of these candles are much the same.
      expect(Math.abs(Number(quoteVolume) - Number(ofMinutes))).toBeLessThanOrEqual(Number(ofMinutes) / 100);
    }),
    { numRuns: 200 },
  );
});
