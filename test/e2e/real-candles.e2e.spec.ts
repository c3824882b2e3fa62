import { beforeAll, describe, expect, it } from 'vitest';
import type { Candle } from '../../src/candles/candle.js';
import type { CoverageSpan } from '../../src/candles/coverage.js';
import { atEnd } from '../support/at-end.js';
import { BinanceServer } from '../support/binance-server.js';
import { completeCandles, gappyCandles, shiftToEndAt } from '../support/candle-files.js';
import {
  askedWindows,
  backfilled,
  candlesPath,
  expectSameCandles,
  MINUTE,
  queryFile,
  readAllPages,
  readPage,
  type SeriesBody,
} from '../support/service-data.js';
import { ServiceProcess } from '../support/service-process.js';

const complete = completeCandles();
const gappy = gappyCandles();

describe(`collecting ${complete.source} and ${gappy.source} through ccxt's binance`, () => {
  // The last candles close as the test starts; what the clock does from then on adds nothing to what the server has.
  const lastClosed = Math.floor(Date.now() / MINUTE) * MINUTE - MINUTE;
  const end = lastClosed + MINUTE;
  const served: Record<string, Candle[]> = {
    'BTC/USDT': shiftToEndAt(complete.candles, lastClosed),
    'ALT/BTC': shiftToEndAt(gappy.candles, lastClosed),
  };
  const start = served['BTC/USDT']![0]!.openTime;
  const counts = { 'BTC/USDT': 30_240, 'ALT/BTC': 13_681 };
  let server: BinanceServer;
  let environment: Record<string, string>;
  let service: ServiceProcess;

  beforeAll(async () => {
    server = await BinanceServer.start({
      markets: Object.entries(served).map(([symbol, candles]) => ({ symbol, candles })),
      marketDataOnly: true,
      gzip: true,
    });
    atEnd(() => server.close());
    environment = {
      CRYPTOFLOW_MARKETS: 'binance:BTC/USDT@1m binance:ALT/BTC@1m',
      CRYPTOFLOW_BACKFILL: new Date(start).toISOString(),
      CRYPTOFLOW_EXCHANGES: server.urls(),
    };
    service = await ServiceProcess.start({ environment });
    await backfilled(service, counts);
  });

  const seriesOf = async (symbol: string): Promise<SeriesBody> => {
    const { body } = await service.get('/api/v1/series');
    return body.series.find((series: SeriesBody) => series.symbol === symbol);
  };

  describe.each(Object.keys(served))('%s', (symbol) => {
    const candles = served[symbol]!;
    const query = { exchange: 'binance', symbol, interval: '1m' };

    it.each([
      { order: 'asc', limit: 10_000 },
      { order: 'asc', limit: 997 },
      { order: 'desc', limit: 10_000 },
      { order: 'desc', limit: 997 },
    ])('is answered to the last digit, $order by pages of $limit', async ({ order, limit }) => {
      const bounds: { from?: number } = order === 'asc' ? { from: start } : {};
      const read = await readAllPages(service, { ...query, order, limit, ...bounds });
      expectSameCandles(read.candles, order === 'asc' ? candles : candles.toReversed());
      expect(read.pages).toBe(Math.ceil(candles.length / limit));
    });

    it('gives the newest ones where no time is named', async () => {
      const { status, text } = await service.get(candlesPath({ ...query, limit: 10_000 }));
      expect(status).toBe(200);
      expectSameCandles(readPage(text).candles, candles.slice(-10_000));
    });

    it('is counted right in /api/v1/series', async () => {
      const series = await seriesOf(symbol);
      expect(series).toMatchObject({
        ...query,
        first: candles[0]!.openTime,
        last: lastClosed,
        count: candles.length,
      });
      expect(series.lag).toBeGreaterThanOrEqual(0);
      expect(series.lag).toBeLessThanOrEqual(Date.now() - end);
    });

    it('has exactly its holes marked as missing', async () => {
      const { body } = await service.get(`/api/v1/series/${(await seriesOf(symbol)).id}/coverage`);
      const [first] = candles;
      const expected = spansOfHoles(candles);
      const since = body.coverage.filter(({ to }: { to: number }) => to > first!.openTime);
      const asked = { asked: 1, askedAt: expect.any(Number) as number };
      expect(since).toEqual(
        expected.map((span) => (span.state === 'missing' ? { ...span, ...asked } : span)),
      );
      expect(expected.filter(({ state }) => state === 'missing')).toHaveLength(
        symbol === 'ALT/BTC' ? 538 : 0,
      );
      // What the exchange had nothing of, before its first candle.
      const before = body.coverage.filter(({ to }: { to: number }) => to <= first!.openTime);
      expect(before.map(({ from, to }: { from: number; to: number }) => [from, to])).toEqual(
        first!.openTime > start ? [[start, first!.openTime]] : [],
      );
      expect(before.every(({ state }: { state: string }) => ['missing', 'unlisted'].includes(state))).toBe(
        true,
      );
    });
  });

  it('says nothing of level warn', () => {
    expect(service.complaints).toEqual([]);
  });

  it('changes nothing in a second run, and asks for no history again', async () => {
    const dump = async () => ({
      candles: await queryFile(service.database, 'SELECT * FROM candle ORDER BY series_id, open_time'),
      coverage: await queryFile(service.database, 'SELECT * FROM coverage ORDER BY series_id, from_time'),
      revisions: await queryFile(service.database, 'SELECT * FROM candle_revision'),
    });
    expect(await service.stop('SIGINT')).toEqual({ code: 0, signal: null });
    const before = await dump();
    const asked = askedWindows(server).length;

    const again = await ServiceProcess.start({ environment, directory: service.directory });
    // Of each series the first request is for the candle that is open; history would be asked for before it, or
    // right after it: within the second in which a service that is stopped goes on working.
    await again.until('a request for each series', () => {
      const symbols = askedWindows(server)
        .slice(asked)
        .map(({ symbol }) => symbol);
      return new Set(symbols).size === 2;
    });
    expect(await again.stop()).toEqual({ code: 0, signal: null });

    const history = askedWindows(server)
      .slice(asked)
      .filter(({ from }) => from < end - 2 * MINUTE); // sync reads the newest two again
    expect(history).toEqual([]);
    const after = await dump();
    expect(after.coverage).toEqual(before.coverage);
    expect(after.revisions).toEqual([]);
    expect(JSON.stringify(after.candles) === JSON.stringify(before.candles), 'same candles').toBe(true);
    expect(again.complaints).toEqual([]);
  });
});

/** From the first to the last candle: `have`, but `missing` where the file has a hole. */
function spansOfHoles(candles: readonly Candle[]): CoverageSpan[] {
  const spans: CoverageSpan[] = [];
  let from = candles[0]!.openTime;
  let to = from;
  for (const { openTime } of candles) {
    if (openTime > to) {
      spans.push({ from, to, state: 'have' }, { from: to, to: openTime, state: 'missing' });
      from = openTime;
    }
    to = openTime + MINUTE;
  }
  return [...spans, { from, to, state: 'have' }];
}
