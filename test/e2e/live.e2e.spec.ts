import { beforeAll, describe, expect, it } from 'vitest';
import type { Candle } from '../../src/candles/candle.js';
import { atEnd } from '../support/at-end.js';
import { BinanceServer } from '../support/binance-server.js';
import { BinanceWebsocket } from '../support/binance-websocket.js';
import { generateCandles } from '../support/candle-files.js';
import { MINUTE, candlesPath, readPage } from '../support/service-data.js';
import { ServiceProcess } from '../support/service-process.js';

const SYMBOL = 'BTC/USDT';
const DIGITS = '0.1234567890123456789';

/** The open minute as a stream or a request would tell of it: figures that a float does not hold. */
function openCandle(volume: number, openTime = minute()): Candle {
  return {
    openTime,
    open: '10',
    high: '9007199254740993.5',
    low: '0.0000000001',
    close: DIGITS,
    volume: String(volume),
  };
}

const minute = () => Date.now() - (Date.now() % MINUTE);

describe('the forming candle of a real exchange', () => {
  let rest: BinanceServer;
  let stream: BinanceWebsocket;
  let service: ServiceProcess;
  /** Rises with every candle told of, by either way: what is newer has more. */
  let volume = 1;

  const forming = async () => {
    const path = candlesPath({
      exchange: 'binance',
      symbol: SYMBOL,
      interval: '1m',
      closed: 'false',
      limit: 1,
    });
    return readPage((await service.get(path)).text).candles.at(-1);
  };
  /** What requests are answered. */
  const serve = (candle: Candle) => {
    const history = generateCandles({ from: candle.openTime - 30 * MINUTE, count: 30 });
    rest.setMarket({ symbol: SYMBOL, candles: [...history, candle] });
  };
  /** Pushes newer and newer candles until one of them is what the API answers. */
  const pushed = () =>
    service.until('a pushed candle', async () => {
      const candle = openCandle((volume += 1));
      stream.push({ symbol: SYMBOL, candle });
      const found = await forming();
      return found !== undefined && Number(found.volume) % 1 === 0 && Number(found.volume) > 1 ? found : null;
    });
  /** What is polled has a fraction. */
  const polled = () =>
    service.until('a polled candle', async () => {
      serve({ ...openCandle(0), volume: `${(volume += 1)}.5` });
      const found = await forming();
      return found?.volume.endsWith('.5') ? found : null;
    });

  beforeAll(async () => {
    rest = await BinanceServer.start();
    stream = await BinanceWebsocket.start();
    serve(openCandle(1));
    atEnd(() => rest.close());
    atEnd(() => stream.close());
    service = await ServiceProcess.start({
      environment: {
        CRYPTOFLOW_MARKETS: `binance:${SYMBOL}@1m`,
        CRYPTOFLOW_BACKFILL: '20m',
        CRYPTOFLOW_EXCHANGES: JSON.stringify(stream.exchangeOptions(rest)),
      },
    });
    await service.until('a subscription', () => stream.isWatched(SYMBOL));
  });

  it('comes from the stream, to the last digit', async () => {
    const found = await pushed();
    expect(found).toEqual({ ...openCandle(Number(found.volume)), openTime: found.openTime });
    const { body } = await service.get('/api/health');
    expect(body.details.collector.workers[0].forming).toMatchObject({ source: 'stream' });
    expect((await service.get('/metrics')).text).toMatch(/cryptoflow_live_series\{exchange="binance"\} 1/);
  });

  it('is asked for when the stream falls silent, with the same digits, and comes from it again', async () => {
    stream.stalled = true;
    const found = await polled();
    expect(found).toEqual({ ...openCandle(0, found.openTime), volume: found.volume });
    stream.stalled = false;
    await pushed();
    expect(stream.connected).toBe(1);
  });

  it('is asked for when the stream dies, and comes from the next connection', async () => {
    stream.refusing = true;
    stream.drop();
    await polled();
    expect((await service.get('/metrics')).text).toMatch(
      /cryptoflow_live_interruptions_total\{exchange="binance",code="EXCHANGE_UNAVAILABLE"\} [1-9]/,
    );
    stream.refusing = false;
    await service.until('a new connection', () => stream.isWatched(SYMBOL));
    await pushed();
  });

  it('leaves no complaint in the log, and no connection behind when the service stops', async () => {
    expect(service.complaints).toEqual([]);
    expect((await service.stop()).code).toBe(0);
    expect(stream.open).toBe(0);
  });
});

describe('with CRYPTOFLOW_LIVE=poll', () => {
  it('no stream is opened', async () => {
    const rest = await BinanceServer.start({
      markets: [{ symbol: SYMBOL, candles: generateCandles({ from: minute() - 30 * MINUTE, count: 31 }) }],
    });
    const stream = await BinanceWebsocket.start();
    atEnd(() => rest.close());
    atEnd(() => stream.close());
    const service = await ServiceProcess.start({
      environment: {
        CRYPTOFLOW_MARKETS: `binance:${SYMBOL}@1m`,
        CRYPTOFLOW_BACKFILL: '20m',
        CRYPTOFLOW_LIVE: 'poll',
        CRYPTOFLOW_EXCHANGES: JSON.stringify(stream.exchangeOptions(rest)),
      },
    });
    await service.until('the open candle to be asked for', () => rest.klineRequests().length > 2);
    expect(stream.connected).toBe(0);
  });
});
