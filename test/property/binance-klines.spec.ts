import { onTestFinished } from 'vitest';
import { AnswerCache } from '../../src/candles/answer-cache.js';
import { ChangeFeed } from '../../src/candles/change-feed.js';
import { DataVersion } from '../../src/database/sqlite/data-version.js';
import { toKline, type Kline } from '../../src/protocols/binance/kline.js';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Candle } from '../../src/candles/candle.js';
import { CandlePages } from '../../src/candles/candle-pages.js';
import { CandleReader } from '../../src/candles/candle-reader.js';
import { RollupReader } from '../../src/candles/rollup-reader.js';
import { SeriesReader } from '../../src/candles/series-reader.js';
import { SystemClock } from '../../src/common/clock.js';
import { INTERVALS, type Interval } from '../../src/common/interval.js';
import { KlineReader } from '../../src/protocols/binance/kline-reader.js';
import type { ListedMarket } from '../../src/protocols/binance/symbol-id.js';
import { ZonedCandles } from '../../src/protocols/binance/zoned-candles.js';
import { candleAt, range } from '../support/candles.js';
import { bucketOf, modelCandles } from '../support/rollup-model.js';
import { ManualClock } from '../support/fixtures/manual-clock.js';
import { openRollups } from '../support/rollups.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Shortly before a Monday on which a month begins. */
const START = Date.UTC(2024, 6, 1) - 3 * 1440 * MINUTE;
const DAYS = 6;
/** Some minutes of the last hour are there, and holes besides. */
const KEPT = range(0, DAYS * 1440 + 47).filter(
  (minute) => minute % 331 !== 5 && !(minute > 500 && minute < 640) && minute !== 2879,
);
const MINUTES = KEPT.map((minute) => candleAt(START + minute * MINUTE));
const END = START + (DAYS * 1440 + 47) * MINUTE;
const MARKET: ListedMarket = {
  exchange: 'x',
  symbol: 'A/B',
  id: 'AB',
  base: 'A',
  quote: 'B',
  intervals: INTERVALS,
  active: true,
};

interface Asked {
  readonly interval: Interval;
  readonly startTime?: number | undefined;
  readonly endTime?: number | undefined;
  readonly limit?: number;
  readonly timeZone?: number;
  /** Whether candles of a zone are to be made of minutes, page by page, and not of the longest that fit. */
  readonly ofMinutes?: boolean;
}

function toCandle([openTime, open, high, low, close, volume]: Kline): Candle {
  return { openTime, open, high, low, close, volume };
}

async function openKlines() {
  const { reader, commit, database } = await openRollups();
  await commit(MINUTES);
  const series = new SeriesReader(reader, new SystemClock());
  const pages = new CandlePages(new CandleReader(reader), new RollupReader(reader));
  const data = new DataVersion(() => database.openReader());
  onTestFinished(() => data.close());
  const cache = new AnswerCache(new ChangeFeed(data));
  const zoned = new ZonedCandles(series, pages);
  const klines = new KlineReader(series, pages, zoned, cache, new ManualClock(END));
  return async ({ interval, limit = 1000, timeZone = 0, ofMinutes = false, ...times }: Asked) => {
    const market = ofMinutes ? { ...MARKET, intervals: ['1m' as const] } : MARKET;
    const text = await klines.read(market, { symbol: 'AB', interval, limit, timeZone, ...times });
    const rows = JSON.parse(text.toString()) as Kline[];
    const candles = rows.map(toCandle);
    expect(rows).toEqual(candles.map((candle) => toKline(candle, interval)));
    return candles;
  };
}

/** The open one included: what is kept of it. In a zone: as if its wall clock showed UTC. */
function model(interval: Interval, ahead = 0): Candle[] {
  if (interval === '1m') return MINUTES;
  const moved = MINUTES.map((candle) => ({ ...candle, openTime: candle.openTime + ahead }));
  const newest = moved.at(-1)!;
  const [, end] = bucketOf(interval, newest.openTime);
  // The model leaves out what is not over, so it gets a last minute that changes nothing.
  const last = { ...newest, volume: '0', openTime: end - MINUTE };
  const whole = last.openTime > newest.openTime ? [...moved, last] : moved;
  return modelCandles(whole, interval).map((candle) => ({ ...candle, openTime: candle.openTime - ahead }));
}

const interval = fc.constantFrom(...INTERVALS);
const zone = fc.constantFrom(0, 8 * HOUR, -5 * HOUR, 5.5 * HOUR, 5.75 * HOUR, -12 * HOUR, 14 * HOUR);
const anyTime = fc.integer({ min: START - 2 * 24 * HOUR, max: END + 2 * HOUR });
/** Of all cases, those in which a candle opens just then are the ones that go wrong. */
const time = fc.oneof(
  anyTime,
  anyTime.map((at) => Math.floor(at / HOUR) * HOUR),
  fc.integer({ min: -3, max: DAYS + 1 }).map((day) => START + day * 24 * HOUR),
);
const bound = fc.option(time, { nil: undefined });

/** By the rules of the documentation, from all candles that there are. */
function expected(all: readonly Candle[], { startTime, endTime, limit = 1000 }: Asked): Candle[] {
  const inside = all.filter(
    ({ openTime }) => openTime >= (startTime ?? -Infinity) && openTime <= (endTime ?? Infinity),
  );
  return startTime === undefined ? inside.slice(-limit) : inside.slice(0, limit);
}

it(
  'klines are what the minutes make, in any window, of any interval, in any zone',
  { timeout: 300_000 },
  async () => {
    const ask = await openKlines();
    const models = new Map<string, Candle[]>();
    await fc.assert(
      fc.asyncProperty(
        interval,
        zone,
        bound,
        bound,
        fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 7 })),
        fc.boolean(),
        async (of, timeZone, startTime, endTime, limit, ofMinutes) => {
          const key = `${of} ${timeZone}`;
          if (!models.has(key)) models.set(key, model(of, timeZone));
          const asked = { interval: of, startTime, endTime, limit, timeZone, ofMinutes };
          expect(await ask(asked)).toEqual(expected(models.get(key)!, asked));
        },
      ),
      { numRuns: 400 },
    );
  },
);

it('many short queries are one long one, forwards and backwards', { timeout: 300_000 }, async () => {
  const ask = await openKlines();
  const shortOnes = fc.constantFrom<Interval>('15m', '30m', '1h', '2h', '4h', '8h', '12h', '1d', '3d', '1w');
  await fc.assert(
    fc.asyncProperty(
      shortOnes,
      zone,
      time,
      fc.integer({ min: 1, max: 300 }),
      fc.boolean(),
      async (of, timeZone, from, limit, forwards) => {
        const long = await ask(
          forwards ? { interval: of, timeZone, startTime: from } : { interval: of, timeZone, endTime: from },
        );
        fc.pre(long.length / limit < 40);
        const pages: Candle[][] = [];
        for (let edge = from; ;) {
          const page = await ask({
            interval: of,
            timeZone,
            limit,
            ...(forwards ? { startTime: edge } : { endTime: edge }),
          });
          if (page.length === 0) break;
          pages.push(page);
          edge = forwards ? page.at(-1)!.openTime + 1 : page[0]!.openTime - 1;
        }
        expect((forwards ? pages : pages.toReversed()).flat()).toEqual(long);
      },
    ),
    { numRuns: 60 },
  );
});
