import { describe, expect, it, onTestFinished } from 'vitest';
import type { Candle } from '../../../src/candles/candle.js';
import { BinanceServer } from '../../support/binance-server.js';
import { BinanceWebsocket } from '../../support/binance-websocket.js';
import { generateCandles } from '../../support/candle-files.js';
import { openCollectingFrom } from '../../support/collecting-from-server.js';
import { ManualClock } from '../../support/fixtures/manual-clock.js';
import { until } from '../../support/fixtures/until.js';

const SYMBOL = 'BTC/USDT';
const MINUTE = 60_000;
const NOON = Date.UTC(2024, 0, 10, 12);
const HISTORY = generateCandles({ from: NOON - 20 * MINUTE, count: 20 });

/** The candle of a minute as it stands after `trades` of ten trades: figures that no double holds. */
function growing(openTime: number, trades: number): Candle {
  return {
    openTime,
    open: '100.00000001',
    high: `${100 + trades}.12345678`,
    low: `${100 - trades}.12345678`,
    close: `${100 + (trades % 3)}.00000002`,
    volume: `${trades}.12345678`,
  };
}

const [LAST, NEXT] = [growing(NOON, 10), growing(NOON + MINUTE, 3)];

/** The exchange, and what collects from it: the test moves the time, and tells what the exchange knows at each moment. */
async function openTest({ live }: { live: boolean }) {
  const clock = new ManualClock(NOON + 2000);
  const rest = await BinanceServer.start({ now: () => clock.now() });
  const stream = await BinanceWebsocket.start();
  onTestFinished(() => rest.close());
  onTestFinished(() => stream.close());
  const serve = (...candles: Candle[]) =>
    rest.setMarket({ symbol: SYMBOL, candles: [...HISTORY, ...candles] });
  serve(growing(NOON, 1));
  const server = { exchangeOptions: () => stream.exchangeOptions(rest) };
  const test = await openCollectingFrom({ server, clock, since: HISTORY[0]!.openTime, live });
  await test.collected();
  if (live) await until(() => stream.isWatched(SYMBOL));

  const written: Candle[] = [];
  const save = test.store.saveFormingOfMany.bind(test.store);
  test.store.saveFormingOfMany = (saves) => {
    written.push(...saves.map(({ candle }) => candle));
    return save(saves);
  };
  const heard = () => test.liveEvents.filter(({ kind }) => kind === 'update').length;
  return {
    ...test,
    stream,
    serve,
    /** What was written as the open candle where there is a stream, in its order. */
    written,
    /** Waits for this candle to be the one that is stored as open; the time stands still meanwhile. */
    holds: (candle: Candle) =>
      until(async () => JSON.stringify(await test.forming()) === JSON.stringify(candle)),
    /** Pushes until it has been heard, and everything that was pushed with it. */
    push: async (candle: Candle, finished = false) => {
      const before = heard();
      // What finds nobody waiting is told of with the next.
      await until(() => {
        stream.push({ symbol: SYMBOL, candle, finished });
        return heard() > before;
      });
      await stream.ping();
      await new Promise(setImmediate);
    },
  };
}

type Test = Awaited<ReturnType<typeof openTest>>;

/** Ways in which the updates of a minute come; `trades` of ten have been made. */
const WAYS: ReadonlyArray<
  readonly [name: string, tell: (test: Test, trades: number) => Promise<void> | void]
> = [
  ['as they are', ({ push }, trades) => push(growing(NOON, trades))],
  ['each twice', ({ push }, trades) => push(growing(NOON, trades)).then(() => push(growing(NOON, trades)))],
  [
    'in disorder, the latest one never last',
    async ({ push }, trades) => {
      for (const late of [trades, trades - 1, Math.max(1, trades - 3)]) await push(growing(NOON, late));
    },
  ],
  [
    // ccxt gives out the end of what it keeps, which is this row from then on.
    'with one of the minute before among them',
    async ({ push }, trades) => {
      await push(growing(NOON, trades));
      if (trades === 4) await push(HISTORY.at(-1)!);
    },
  ],
  [
    'until the stream falls silent',
    ({ stream, push }, trades) => {
      stream.stalled = trades >= 4;
      return trades < 4 ? push(growing(NOON, trades)) : undefined;
    },
  ],
  [
    'until the exchange closes the stream',
    ({ stream, push }, trades) => {
      if (trades < 4) return push(growing(NOON, trades));
      stream.refusing = true;
      stream.dismiss();
      return undefined;
    },
  ],
  [
    'until the connection is cut',
    ({ stream, push }, trades) => {
      if (trades < 4) return push(growing(NOON, trades));
      stream.refusing = true;
      stream.drop();
      return undefined;
    },
  ],
  [
    'with a stream that falls silent and comes back',
    ({ stream, push }, trades) => {
      stream.stalled = trades >= 4 && trades < 8;
      return stream.stalled ? undefined : push(growing(NOON, trades));
    },
  ],
];

/** Of two states of open candles the one with less volume, or of an earlier minute, is the older. */
const byAge = (a: Candle, b: Candle) => a.openTime - b.openTime || Number(a.volume) - Number(b.volume);

/** What is stored of a minute and of the beginning of the next. */
async function aMinute(test: Test, tell: (trades: number) => Promise<void> | void): Promise<Candle[]> {
  const { serve, holds, clock, worker } = test;
  for (let trades = 2; trades <= 10; trades += 1) {
    serve(growing(NOON, trades));
    await tell(trades);
    clock.advance(1000);
    // Before anybody asks, what was pushed is there.
    if (worker.status.forming?.source === 'stream') await holds(growing(NOON, trades));
    clock.advance(2000);
    worker.requestForming();
    await holds(growing(NOON, trades));
  }
  const open = await test.forming();
  serve(LAST, NEXT);
  await test.syncAt(NOON + MINUTE + 2000, 0);
  await holds(NEXT);
  return [open!, ...(await test.stored()), NEXT];
}

describe('the open candle, told of by a stream and by requests', () => {
  it.each(WAYS)('ends in the same place as without a stream: %s', async (_, tell) => {
    const streamed = await openTest({ live: true });
    const outcome = await aMinute(streamed, (trades) => tell(streamed, trades));
    const polled = await openTest({ live: false });
    expect(outcome).toEqual(await aMinute(polled, () => undefined));
    expect(outcome).toEqual([LAST, ...HISTORY, LAST, NEXT]);
    expect(await streamed.reader.query<unknown[]>('SELECT * FROM candle_revision')).toEqual([]);
    expect(streamed.liveEvents).toContainEqual({ kind: 'update', exchange: 'binance', result: 'taken' });
    expect(polled.stream.connected).toBe(0);
    expect(streamed.written).toEqual(streamed.written.toSorted(byAge));
  });

  it('is stored as the exchange’s history has it, whatever the stream calls finished (freqtrade PR 13397)', async () => {
    const test = await openTest({ live: true });
    const { clock, serve, push, stored } = test;
    await push({ ...growing(NOON, 9), close: '95' });
    serve(LAST, NEXT);
    clock.advance(MINUTE / 2 - 1000);
    await push({ ...growing(NOON, 9), close: '95' });
    clock.advance(MINUTE / 2 - 500); // half a second past the minute, before the tick of the collector
    await push({ ...growing(NOON, 9), close: '95' }, true);
    await until(async () => (await stored()).length > HISTORY.length);
    expect(await stored()).toEqual([...HISTORY, LAST]);
  });
});
