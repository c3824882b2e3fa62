import { describe, expect, it } from 'vitest';
import { atEnd, workDirectory } from '../support/at-end.js';
import { BinanceServer, type RecordedRequest } from '../support/binance-server.js';
import { completeCandles, shiftToEndAt } from '../support/candle-files.js';
import {
  askedWindows,
  backfilled,
  expectSameCandles,
  MINUTE,
  queryFile,
  readAllPages,
  repeatedPages,
  type AskedWindow,
} from '../support/service-data.js';
import { ServiceProcess } from '../support/service-process.js';

const SYMBOL = 'BTC/USDT';
/** At which page of history the process is killed, counted over all runs, and in which moment of it. */
const KILLS = [
  { page: 1, moment: 'asked' },
  { page: 5, moment: 'answered' },
  { page: 13, moment: 'asked' },
  { page: 22, moment: 'answered' },
] as const;

describe('SIGKILL in the middle of the backfill', () => {
  it('loses nothing, and nothing is fetched twice but the page that was under way', async () => {
    const lastClosed = Math.floor(Date.now() / MINUTE) * MINUTE - MINUTE;
    const candles = shiftToEndAt(completeCandles().candles, lastClosed);
    const start = candles[0]!.openTime;
    const end = lastClosed + MINUTE;
    const server = await BinanceServer.start({
      markets: [{ symbol: SYMBOL, candles }],
      marketDataOnly: true,
    });
    atEnd(() => server.close());
    const directory = workDirectory();
    const environment = {
      CRYPTOFLOW_MARKETS: `binance:${SYMBOL}@1m`,
      CRYPTOFLOW_BACKFILL: new Date(start).toISOString(),
      CRYPTOFLOW_EXCHANGES: server.urls(),
    };

    const underWay: AskedWindow[] = [];
    for (const { page, moment } of KILLS) {
      let reached = false;
      let seen = askedWindows(server, end).length;
      server.fault = ({ path, query }: RecordedRequest) => {
        if (path !== '/api/v3/klines' || Number(query['startTime']) >= end) return undefined;
        seen += 1;
        if (seen < page) return undefined;
        reached = true;
        return moment === 'asked' ? 'hang' : undefined;
      };
      const service = await ServiceProcess.start({ environment, directory });
      await service.until(`page ${page}`, () => reached);
      // 'answered': somewhere between the first byte of the answer and the commit, or right after it.
      expect(await service.kill()).toEqual({ code: null, signal: 'SIGKILL' });
      underWay.push(askedWindows(server, end).at(-1)!);
    }

    server.fault = undefined;
    const service = await ServiceProcess.start({ environment, directory });
    await backfilled(service, { [SYMBOL]: candles.length });
    const query = { exchange: 'binance', symbol: SYMBOL, interval: '1m', from: start, limit: 10_000 };
    expectSameCandles((await readAllPages(service, query)).candles, candles);

    const repeated = repeatedPages(askedWindows(server, end), SYMBOL).map(([earlier]) => earlier.from);
    for (const from of repeated) expect(underWay.map((window) => window.from)).toContain(from);
    // A page that never came was asked for again.
    for (const [index, { moment }] of KILLS.entries()) {
      if (moment === 'asked') expect(repeated).toContain(underWay[index]!.from);
    }

    const [check] = await queryFile(service.database, 'PRAGMA quick_check');
    expect(check).toEqual({ quick_check: 'ok' });
    expect(service.complaints).toEqual([]);
    expect(await service.stop('SIGINT')).toEqual({ code: 0, signal: null });
  }, 240_000);
});
