import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Candle } from '../../src/candles/candle.js';
import { stepOpenTime, type Interval } from '../../src/common/interval.js';
import type { BinanceServer } from './binance-server.js';

/** Binance cuts a connection that sends more in a second. */
const MESSAGES_PER_SECOND = 5;

interface Connection {
  readonly socket: WebSocket;
  /** `/stream` wraps each event with the name of its stream; `/ws` does not. */
  readonly combined: boolean;
  readonly streams: Set<string>;
  /** When its latest messages arrived, Unix ms. */
  recent: number[];
}

interface ControlMessage {
  readonly method: string;
  readonly params?: readonly string[];
  readonly id?: number | string | null;
}

export interface KlineEvent {
  /** `BTC/USDT` */
  readonly symbol: string;
  readonly interval?: Interval;
  readonly candle: Candle;
  /** Whether this is the last word on the candle. */
  readonly finished?: boolean;
}

/**
 * Binance's market streams on 127.0.0.1: `/ws` and `/stream?streams=`, SUBSCRIBE and UNSUBSCRIBE, kline events, and what
 * goes wrong with them. Nothing is pushed but what a test pushes.
 *
 * https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams
 */
export class BinanceWebsocket {
  /** Connections ever made. */
  connected = 0;
  /** Connections cut for sending too much. */
  overruns = 0;
  /** Answers 503 instead of upgrading. */
  refusing = false;
  /** Keeps connections, and answers pings, but says nothing. */
  stalled = false;
  readonly received: ControlMessage[] = [];
  private readonly connections = new Set<Connection>();
  private readonly sockets: WebSocketServer;

  private constructor(private readonly server: Server) {
    this.sockets = new WebSocketServer({ noServer: true });
    server.on('upgrade', (request, socket, head) => {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      if (this.refusing || !/^\/(ws|stream)(\/|$)/.test(url.pathname)) {
        socket.end(`HTTP/1.1 ${this.refusing ? '503 Service Unavailable' : '404 Not Found'}\r\n\r\n`);
        return;
      }
      this.sockets.handleUpgrade(request, socket, head, (accepted) => this.accept(accepted, url));
    });
  }

  static async start(port = 0): Promise<BinanceWebsocket> {
    const server = createServer((_, response) => response.writeHead(404).end());
    const binance = new BinanceWebsocket(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    return binance;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** What ccxt's `binance` must be given to use this server beside `rest`. ccxt knows spot by `/stream` in the address. */
  exchangeOptions(rest: BinanceServer) {
    const { urls, ...others } = rest.exchangeOptions().binance;
    const ws = { spot: `ws://127.0.0.1:${this.port}/stream` };
    return { binance: { ...others, urls: { api: { ...urls.api, ws } } } };
  }

  /** Connections that are open. */
  get open(): number {
    return this.connections.size;
  }

  /** Whether somebody has subscribed to this market. */
  isWatched(symbol: string, interval: Interval = '1m'): boolean {
    return [...this.connections].some(({ streams }) => streams.has(streamName(symbol, interval)));
  }

  /** Sends a kline event to those who subscribed to it. @returns to how many */
  push({ symbol, interval = '1m', candle, finished = false }: KlineEvent): number {
    if (this.stalled) return 0;
    const stream = streamName(symbol, interval);
    const subscribers = [...this.connections].filter(({ streams }) => streams.has(stream));
    const data = klineEvent(symbol, interval, candle, finished);
    for (const { socket, combined } of subscribers) {
      socket.send(JSON.stringify(combined ? { stream, data } : data));
    }
    return subscribers.length;
  }

  /** Sends any text to all. */
  pushText(text: string): void {
    for (const { socket } of this.connections) socket.send(text);
  }

  /** Pings all, as Binance does every 20 seconds. @returns how many answered */
  async ping(): Promise<number> {
    const answers = [...this.connections].map(
      ({ socket }) =>
        new Promise<void>((resolve) => {
          socket.once('pong', () => resolve());
          socket.ping();
        }),
    );
    return (await Promise.all(answers)).length;
  }

  /** Cuts all connections, without a farewell. */
  drop(): void {
    for (const { socket } of this.connections) socket.terminate();
  }

  /** Closes all connections in good order, as Binance does with each after 24 hours. */
  dismiss(): void {
    for (const { socket } of this.connections) socket.close(1000);
  }

  async close(): Promise<void> {
    this.drop();
    this.sockets.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(socket: WebSocket, url: URL): void {
    this.connected += 1;
    const named = url.searchParams.get('streams')?.split('/') ?? url.pathname.split('/').slice(2);
    const combined = url.pathname.startsWith('/stream');
    const connection: Connection = { socket, combined, streams: new Set(named), recent: [] };
    this.connections.add(connection);
    socket.on('close', () => this.connections.delete(connection));
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => this.heard(connection, data.toString()));
  }

  private heard(connection: Connection, text: string): void {
    const now = Date.now();
    connection.recent = [...connection.recent.filter((at) => at > now - 1000), now];
    if (connection.recent.length > MESSAGES_PER_SECOND) {
      this.overruns += 1;
      connection.socket.close(1008, 'Too many requests');
      return;
    }
    if (this.stalled) return;
    connection.socket.send(JSON.stringify(this.answer(connection, text)));
  }

  private answer({ streams }: Connection, text: string): unknown {
    let message: ControlMessage;
    try {
      message = JSON.parse(text) as ControlMessage;
    } catch {
      return { error: { code: 3, msg: 'Invalid JSON: expected value at line 1 column 1' } };
    }
    this.received.push(message);
    const { method, params = [], id = null } = message;
    if (method === 'SUBSCRIBE') for (const stream of params) streams.add(stream);
    else if (method === 'UNSUBSCRIBE') for (const stream of params) streams.delete(stream);
    else if (method === 'LIST_SUBSCRIPTIONS') return { result: [...streams], id };
    else return { error: { code: 2, msg: `Invalid request: unknown variant \`${method}\`` }, id };
    return { result: null, id };
  }
}

function streamName(symbol: string, interval: Interval): string {
  return `${symbol.replace('/', '').toLowerCase()}@kline_${interval}`;
}

function klineEvent(symbol: string, interval: Interval, candle: Candle, finished: boolean) {
  const s = symbol.replace('/', '');
  const { openTime: t, open: o, high: h, low: l, close: c, volume: v } = candle;
  const T = stepOpenTime(interval, t, 1) - 1;
  const k = {
    t,
    T,
    s,
    i: interval,
    f: 100,
    L: 200,
    o,
    c,
    h,
    l,
    v,
    n: 100,
    x: finished,
    q: '1',
    V: '0',
    Q: '0',
    B: '0',
  };
  return { e: 'kline', E: Date.now(), s, k };
}
