import { expect, it } from 'vitest';
import { atEnd } from '../support/at-end.js';
import { BinanceServer } from '../support/binance-server.js';
import { generateCandles } from '../support/candle-files.js';
import {
  MINUTE,
  askedWindows,
  expectSameCandles,
  readAllPages,
  repeatedPages,
} from '../support/service-data.js';
import { backfilled } from '../support/service-data.js';
import { ServiceProcess } from '../support/service-process.js';

const COUNT = 3500;
const SYMBOLS = ['A/USDT', 'B/USDT', 'C/USDT', 'D/USDT', 'E/USDT', 'F/USDT'];

it('six markets, four pages each, through ccxt: complete to the candle, and no page twice', async () => {
  const open = Date.now() - (Date.now() % MINUTE);
  const from = open - COUNT * MINUTE;
  const markets = SYMBOLS.map((symbol, seed) => ({
    symbol,
    candles: generateCandles({ from, count: COUNT, seed }),
  }));
  const server = await BinanceServer.start({ markets });
  atEnd(() => server.close());
  const binance = { ...server.exchangeOptions().binance, enableRateLimit: false };
  const service = await ServiceProcess.start({
    environment: {
      CRYPTOFLOW_MARKETS: SYMBOLS.map((symbol) => `binance:${symbol}@1m`).join(' '),
      CRYPTOFLOW_BACKFILL: new Date(from).toISOString(),
      CRYPTOFLOW_EXCHANGES: JSON.stringify({ binance }),
    },
  });
  await backfilled(service, Object.fromEntries(SYMBOLS.map((symbol) => [symbol, COUNT])));
  for (const { symbol, candles } of markets) {
    const query = { exchange: 'binance', symbol, interval: '1m', from, limit: 1000 };
    const stored = await readAllPages(service, query);
    expectSameCandles(stored.candles, candles);
    expect(repeatedPages(askedWindows(server, open - MINUTE), symbol)).toEqual([]);
  }
});
