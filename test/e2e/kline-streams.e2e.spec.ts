import ccxt from 'ccxt';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openApiOverStore } from '../support/api-over-store.js';
import { atEnd } from '../support/at-end.js';
import { candleAt, range } from '../support/candles.js';
import { eventually, type ServiceProcess } from '../support/service-process.js';

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 5, 1, 12);
const at = (minute: number, revision = 0) => candleAt(NOON + minute * MINUTE, revision);

/** A client of the protocol, with what it was sent. */
async function connect(service: ServiceProcess, path: string, headers: Record<string, string> = {}) {
  const socket = new WebSocket(`${service.url.replace('http', 'ws')}${path}`, { headers });
  atEnd(() => socket.terminate());
  const received: any[] = [];
  const ended = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  socket.on('message', (data: Buffer) => received.push(JSON.parse(data.toString())));
  await new Promise<void>((resolve, reject) => {
    socket.on('open', () => resolve());
    socket.on('error', reject);
  });
  const ask = async (message: Record<string, unknown>) => {
    socket.send(JSON.stringify(message));
    return eventually('the answer', () => received.find(({ id }) => id === message['id']));
  };
  return { socket, received, ended, ask, klines: () => received.filter((one) => one.e === 'kline') };
}

async function openMarket() {
  const test = await openApiOverStore();
  const held = await test.hold('binance', 'BTC/USDT', '1m');
  await test.commit(
    held,
    range(0, 10).map((minute) => at(minute)),
    'backfill',
  );
  return { ...test, held };
}

describe("Binance's websocket", () => {
  it('pushes the klines of the streams in its path, open and closed, digit for digit', async () => {
    const { service, store, held, commit } = await openMarket();
    const client = await connect(service, '/binance/ws/btcusdt@kline_1m');
    await client.ask({ method: 'LIST_SUBSCRIPTIONS', id: 1 });
    await store.saveForming(held.lease, held.series, at(10));
    await eventually('the open one', () => client.klines().length === 1);
    await commit(held, [at(10)]);
    await eventually('the closed one', () => client.klines().length === 2);
    const { openTime: t, open: o, high: h, low: l, close: c, volume: v } = at(10);
    const k = { t, T: t + MINUTE - 1, s: 'BTCUSDT', i: '1m', f: -1, L: -1, o, c, h, l, v, n: 0 };
    const none = { q: '0', V: '0', Q: '0', B: '0' };
    const event = { e: 'kline', E: expect.any(Number), s: 'BTCUSDT' };
    expect(client.klines()).toEqual([
      { ...event, k: { ...k, x: false, ...none } },
      { ...event, k: { ...k, x: true, ...none } },
    ]);
  });

  it('wraps those of a combined stream, also of an exchange that the path names', async () => {
    const { service, held, commit } = await openMarket();
    const path = '/binance/binance/stream?streams=btcusdt@kline_1m/btcusdt@kline_5m/nosuch@kline_1m';
    const client = await connect(service, path);
    await client.ask({ method: 'LIST_SUBSCRIPTIONS', id: 1 });
    await commit(held, [at(10)]);
    await commit(
      held,
      range(11, 15).map((minute) => at(minute)),
    );
    await eventually('all', () => client.received.filter((one) => one.stream).length >= 6);
    const streams = client.received
      .filter((one) => one.stream)
      .map(({ stream, data: { k } }) => [stream, k.i, k.x]);
    expect(streams).toEqual([
      ...range(0, 5).map(() => ['btcusdt@kline_1m', '1m', true]),
      ['btcusdt@kline_5m', '5m', true],
    ]);
  });

  it('takes up streams, lists them and lets them go on request', async () => {
    const { service, held, commit } = await openMarket();
    const client = await connect(service, '/binance/ws');
    const names = ['btcusdt@kline_1m', 'btcusdt@kline_3m'];
    expect(await client.ask({ method: 'SUBSCRIBE', params: names, id: 1 })).toEqual({ result: null, id: 1 });
    expect(await client.ask({ method: 'LIST_SUBSCRIPTIONS', id: 2 })).toEqual({ result: names, id: 2 });
    await commit(held, [at(10)]);
    await eventually('a kline', () => client.klines().length === 1);
    await client.ask({ method: 'UNSUBSCRIBE', params: ['btcusdt@kline_1m'], id: 3 });
    await commit(held, [at(11)]);
    await eventually('the longer one', () => client.klines().length === 2);
    expect(client.klines().map(({ k }) => k.i)).toEqual(['1m', '3m']);
    expect(await client.ask({ method: 'SET_PROPERTY', params: ['combined', true], id: 4 })).toMatchObject({
      result: null,
    });
    expect(await client.ask({ method: 'GET_PROPERTY', params: ['combined'], id: 5 })).toMatchObject({
      result: true,
    });
  });

  it('answers what it does not understand with a code, and goes on', async () => {
    const { service } = await openMarket();
    const client = await connect(service, '/binance/ws');
    client.socket.send('{');
    await eventually('the code', () => client.received.some(({ code }) => code === 3));
    client.socket.send('{"method":"EXPLODE","id":1}');
    client.socket.send('{"method":"SUBSCRIBE","params":"btcusdt@kline_1m","id":2}');
    await eventually('the codes', () => client.received.filter(({ code }) => code === 2).length === 2);
    expect(await client.ask({ method: 'LIST_SUBSCRIPTIONS', id: 9 })).toEqual({ result: [], id: 9 });
  });

  it('ends for who sends too much, or bytes', async () => {
    const { service } = await openMarket();
    const flood = await connect(service, '/binance/ws');
    for (let count = 0; count < 100; count += 1) flood.socket.send('{"method":"LIST_SUBSCRIPTIONS"}');
    expect(await flood.ended).toMatchObject({ code: 1008 });
    const bytes = await connect(service, '/binance/ws');
    bytes.socket.send(Buffer.from([1, 2, 3]));
    expect(await bytes.ended).toMatchObject({ code: 1008 });
    const large = await connect(service, '/binance/ws');
    large.socket.send(`"${'x'.repeat(100_000)}"`);
    expect(await large.ended).toMatchObject({ code: 1009 });
    expect((await service.get('/api/health/live')).status).toBe(200);
  });

  it('is refused where a key is asked for and none comes, and on any other path', async () => {
    const test = await openApiOverStore({ environment: { CRYPTOFLOW_API_KEYS: 'a-key-of-its-own' } });
    const refused = (path: string, headers = {}) =>
      connect(test.service, path, headers).then(
        () => 'open',
        (error: Error) => error.message,
      );
    expect(await refused('/binance/ws')).toMatch('401');
    expect(await refused('/binance/ws', { 'x-api-key': 'a-key-of-its-own' })).toBe('open');
    expect(await refused('/elsewhere')).toMatch('404');
  });

  it('says that it goes when the service stops', async () => {
    const { service } = await openMarket();
    const client = await connect(service, '/binance/ws/btcusdt@kline_1m');
    expect(await service.stop()).toEqual({ code: 0, signal: null });
    expect(await client.ended).toMatchObject({ code: 1001 });
  });

  it('serves ccxt as Binance would', async () => {
    const { service, held, commit, store } = await openMarket();
    const ws = `${service.url.replace('http', 'ws')}/binance/ws`;
    const binance = new ccxt.pro.binance({
      urls: { api: { public: `${service.url}/binance/api/v3`, ws: { spot: ws } } },
      options: { fetchMarkets: { types: ['spot'] }, fetchCurrencies: false },
    });
    atEnd(() => binance.close());
    // As ccxt asks for where the address is a plain `ws://`.
    await binance.loadHttpProxyAgent();
    await store.saveForming(held.lease, held.series, at(10));
    const first = binance.watchOHLCV('BTC/USDT', '1m');
    await service.until('the first candle', async () => {
      await store.saveForming(held.lease, held.series, at(10));
      return Promise.race([first, new Promise((resolve) => setImmediate(resolve))]);
    });
    const watched = binance.watchOHLCV('BTC/USDT', '1m');
    // With other figures than it had when it was open.
    await commit(held, [at(10, 1)]);
    const candles = await watched;
    const { openTime, open, high, low, close, volume } = at(10, 1);
    expect(candles.at(-1)).toEqual([openTime, ...[open, high, low, close, volume].map(Number)]);
  });
});
