import { describe, expect, it, onTestFinished } from 'vitest';
import type { Candle } from '../../../src/candles/candle.js';
import { SystemClock } from '../../../src/common/clock.js';
import { CcxtClient } from '../../../src/exchanges/ccxt/ccxt.client.js';
import { createCcxtExchange, loadCcxt } from '../../../src/exchanges/ccxt/ccxt-library.js';
import { CcxtStream, type CcxtStreamingExchange } from '../../../src/exchanges/ccxt/ccxt-stream.js';
import type { LiveCandle } from '../../../src/exchanges/exchange-client.js';
import { BinanceServer } from '../../support/binance-server.js';
import { BinanceWebsocket } from '../../support/binance-websocket.js';
import { until } from '../../support/fixtures/until.js';

const MINUTE = 60_000;
const OPEN = Date.UTC(2024, 0, 1, 12);

/** Figures that no double holds, and one that ccxt's floats would write with an exponent. */
const EXACT: Candle = {
  openTime: OPEN,
  open: '0.000000071234567890123',
  high: '98765432109876543.12345678',
  low: '0.00000001',
  close: '12345678.1234567891',
  volume: '123456789012345678.87654321',
};

const candle = (close: string, volume: string, openTime = OPEN): Candle => ({
  openTime,
  open: '10',
  high: '20',
  low: '5',
  close,
  volume,
});

async function open(symbols = ['BTC/USDT']) {
  const rest = await BinanceServer.start({ markets: symbols.map((symbol) => ({ symbol, candles: [] })) });
  const stream = await BinanceWebsocket.start();
  const options = stream.exchangeOptions(rest).binance;
  const client = new CcxtClient('binance', options, new SystemClock());
  const stop = new AbortController();
  onTestFinished(async () => {
    stop.abort(new Error('the test is over'));
    await client.close();
    await stream.close();
    await rest.close();
  });
  return { rest, stream, client, options, stop };
}

/** Watches, and keeps what comes. */
function collect(client: CcxtClient, symbol: string, signal: AbortSignal) {
  const updates: LiveCandle[] = [];
  const ended = (async () => {
    try {
      for await (const update of client.watchCandles({ symbol, interval: '1m', signal }))
        updates.push(update);
      return undefined;
    } catch (error) {
      return error;
    }
  })();
  return { updates, ended };
}

describe("ccxt's stream of candles", () => {
  it('keeps every digit that the exchange sent', async () => {
    const { client, stream, stop } = await open();
    const { updates } = collect(client, 'BTC/USDT', stop.signal);
    await until(() => stream.isWatched('BTC/USDT'));
    stream.push({ symbol: 'BTC/USDT', candle: EXACT });
    await until(() => updates.length === 1);
    expect(updates).toEqual([{ candle: EXACT, finished: false }]);
  });

  it('keeps the digits of figures that were sent as JSON numbers', async () => {
    const { client, stream, stop } = await open();
    const { updates } = collect(client, 'BTC/USDT', stop.signal);
    await until(() => stream.isWatched('BTC/USDT'));
    const kline = `{"t":${OPEN},"T":1,"s":"BTCUSDT","i":"1m","o":10.50,"h":98765432109876543.12345678,"l":1e-8,"c":11,"v":0.1234567890123456789,"x":false}`;
    stream.pushText(`{"stream":"btcusdt@kline_1m","data":{"e":"kline","s":"BTCUSDT","k":${kline}}}`);
    await until(() => updates.length === 1);
    const { open: first, high, low, close, volume } = updates[0]!.candle;
    expect([first, high, low, close, volume]).toEqual([
      '10.5',
      '98765432109876543.12345678',
      '0.00000001',
      '11',
      '0.1234567890123456789',
    ]);
  });

  it('tells which candle is finished, and goes on with the next', async () => {
    const { client, stream, stop } = await open();
    const { updates } = collect(client, 'BTC/USDT', stop.signal);
    await until(() => stream.isWatched('BTC/USDT'));
    const [last, next] = [candle('11', '2'), candle('12', '1', OPEN + MINUTE)];
    stream.push({ symbol: 'BTC/USDT', candle: last, finished: true });
    stream.push({ symbol: 'BTC/USDT', candle: next });
    await until(() => updates.some((update) => update.candle.openTime === next.openTime));
    expect(updates.filter(({ finished }) => finished)).toEqual([{ candle: last, finished: true }]);
    expect(updates.at(-1)).toEqual({ candle: next, finished: false });
  });

  it('watches many markets on one connection, and never sends faster than Binance allows', async () => {
    const symbols = Array.from({ length: 8 }, (_, number) => `M${number}/USDT`);
    const { client, stream, stop } = await open(symbols);
    const watches = symbols.map((symbol) => ({ symbol, ...collect(client, symbol, stop.signal) }));
    await until(() => symbols.every((symbol) => stream.isWatched(symbol)));
    for (const [index, symbol] of symbols.entries()) {
      stream.push({ symbol, candle: candle('11', String(index + 1)) });
    }
    await until(() => watches.every(({ updates }) => updates.length === 1));
    expect(watches.map(({ updates }) => updates[0]!.candle.volume)).toEqual(
      symbols.map((_, i) => String(i + 1)),
    );
    expect(stream.connected).toBe(1);
    expect(stream.overruns).toBe(0);
  });

  it('is not broken by frames that are no JSON, prints none, and answers pings', async () => {
    const { client, stream, stop } = await open();
    const { updates } = collect(client, 'BTC/USDT', stop.signal);
    await until(() => stream.isWatched('BTC/USDT'));
    const printed: unknown[] = [];
    const { log } = console;
    console.log = (...rest: unknown[]) => void printed.push(rest);
    onTestFinished(() => void (console.log = log));
    for (const text of ['{"e":"kline","k":{', 'hello', '', '[]', '{}', 'null']) stream.pushText(text);
    expect(await stream.ping()).toBe(1);
    stream.push({ symbol: 'BTC/USDT', candle: candle('11', '1') });
    await until(() => updates.length > 0);
    expect(updates.at(-1)!.candle).toEqual(candle('11', '1'));
    expect(printed).toEqual([]);
  });

  it('fails, so that it can be asked again, when a candle holds something else than decimals', async () => {
    const { client, stream, stop } = await open();
    const { ended } = collect(client, 'BTC/USDT', stop.signal);
    await until(() => stream.isWatched('BTC/USDT'));
    stream.push({ symbol: 'BTC/USDT', candle: candle('NaN', '1') });
    expect(await ended).toMatchObject({ code: 'EXCHANGE_UNAVAILABLE', retryable: true });
  });

  it('tells when the connection is cut, when it is refused, and gets a new one', async () => {
    const { client, stream, stop } = await open();
    const first = collect(client, 'BTC/USDT', stop.signal);
    await until(() => stream.isWatched('BTC/USDT'));
    stream.refusing = true;
    stream.drop();
    expect(await first.ended).toMatchObject({ code: 'EXCHANGE_UNAVAILABLE', retryable: true });
    const second = collect(client, 'BTC/USDT', stop.signal);
    expect(await second.ended).toMatchObject({ code: 'EXCHANGE_UNAVAILABLE', retryable: true });
    stream.refusing = false;
    const third = collect(client, 'BTC/USDT', stop.signal);
    await until(() => stream.isWatched('BTC/USDT'));
    stream.push({ symbol: 'BTC/USDT', candle: candle('11', '1') });
    await until(() => third.updates.length === 1);
  });

  it('gives up a connection that fell silent', async () => {
    const { stream, options } = await open();
    const exchange = createCcxtExchange(await loadCcxt('binance'), options) as CcxtStreamingExchange;
    await exchange.loadMarkets(true);
    const watching = new CcxtStream(exchange, new SystemClock(), 200);
    onTestFinished(() => watching.close());
    stream.stalled = true;
    const updates = watching.watch('BTC/USDT', '1m', new AbortController().signal);
    await expect(updates.next()).rejects.toThrow(/no message for/);
    await until(() => stream.open === 0);
  });

  it('leaves a market that nobody watches any more, and the connection with the last', async () => {
    const { client, stream } = await open(['BTC/USDT', 'ETH/USDT']);
    const [one, other] = [new AbortController(), new AbortController()];
    const watches = [collect(client, 'BTC/USDT', one.signal), collect(client, 'ETH/USDT', other.signal)];
    await until(() => stream.isWatched('BTC/USDT') && stream.isWatched('ETH/USDT'));
    const reason = new Error('enough');
    one.abort(reason);
    expect(await watches[0]!.ended).toBe(reason);
    await until(() => !stream.isWatched('BTC/USDT'));
    expect(stream.isWatched('ETH/USDT')).toBe(true);
    other.abort(reason);
    await until(() => stream.open === 0);
  });

  it('closes at once, whatever the other side does, and leaves nothing behind', async () => {
    const { client, stream, stop } = await open();
    const { ended } = collect(client, 'BTC/USDT', stop.signal);
    await until(() => stream.isWatched('BTC/USDT'));
    stream.stalled = true;
    await client.close();
    expect(await ended).toMatchObject({ code: 'EXCHANGE_UNAVAILABLE' });
    await until(() => stream.open === 0);
  });

  it('is not used where requests go elsewhere than the stream would: to another host, or through a proxy', async () => {
    const { rest, stream } = await open();
    const { signal } = new AbortController();
    const request = { symbol: 'BTC/USDT', interval: '1m' as const, signal };
    const proxied = { ...stream.exchangeOptions(rest).binance, httpsProxy: 'http://127.0.0.1:9' };
    for (const options of [rest.exchangeOptions().binance, proxied]) {
      const client = new CcxtClient('binance', options, new SystemClock());
      await expect(client.watchCandles(request).next()).rejects.toMatchObject({ retryable: false });
      await client.close();
    }
    expect(stream.connected).toBe(0);
  });
});
