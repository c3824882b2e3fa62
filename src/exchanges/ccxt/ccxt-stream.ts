import type { Clock } from '../../common/clock.js';
import type { Interval } from '../../common/interval.js';
import { abortable } from '../abortable.js';
import type { LiveCandle } from '../exchange-client.js';
import { ExchangeError } from '../exchange-errors.js';
import type { CcxtExchange } from './ccxt-library.js';
import { FinishedKlines, quoteDecimals, toLiveCandles } from './ccxt-live-candles.js';

/** Without a message for so long, on a connection that somebody watches, it is given up. */
const STALL_MS = 30_000;
/** A market that nobody watches any more is left after so long: often somebody watches it again at once. */
const LINGER_MS = 1000;
/** Candles that ccxt keeps of each market. */
const CACHED = 10;

/** One of ccxt's websocket connections. */
export interface CcxtSocket {
  readonly gunzip: boolean;
  readonly inflate: boolean;
  readonly connection?: { terminate?(): void };
  log: (...rest: unknown[]) => void;
  send: (message: unknown) => Promise<unknown>;
  onMessage: (event: { readonly data: unknown }) => void;
  onError(error: Error): void;
}

/** The part of a ccxt exchange's websocket side that is used here. */
export interface CcxtStreamingExchange extends CcxtExchange {
  readonly options: Record<string, unknown>;
  readonly clients?: Record<string, CcxtSocket>;
  readonly ohlcvs?: Record<string, Record<string, unknown>>;
  client: (url: string) => CcxtSocket;
  handleMessage: (client: CcxtSocket, message: unknown) => unknown;
  safeFloat: (object: unknown, key: unknown, fallback?: unknown) => unknown;
  safeString: (object: unknown, key: unknown, fallback?: unknown) => unknown;
  market(symbol: string): { readonly id?: string };
  loadHttpProxyAgent(): Promise<unknown>;
  loadProxyModules(): Promise<unknown>;
  watchOHLCV(symbol: string, timeframe: string): Promise<unknown>;
  unWatchOHLCV(symbol: string, timeframe: string): Promise<unknown>;
}

/**
 * The websocket side of one ccxt exchange: one connection for all markets, as ccxt has it. Replaces a few methods of the
 * instance to make good what ccxt leaves open: figures stay text, a connection that fell silent is given up, and a
 * message that cannot be sent any more does not take the process down.
 */
export class CcxtStream {
  private readonly watched = new Map<string, number>();
  private readonly finished = new FinishedKlines();
  private heardAt = 0;
  private stopWatchdog: (() => void) | undefined;

  constructor(
    private readonly exchange: CcxtStreamingExchange,
    private readonly clock: Clock,
    private readonly stallMs = STALL_MS,
  ) {
    exchange.options['OHLCVLimit'] = CACHED;
    // Whoever watches waits between attempts; ccxt's own wait could not be ended by closing.
    const ws = exchange.options['ws'] as Record<string, unknown> | undefined;
    exchange.options['ws'] = { ...ws, backoff: { base: 0 } };
    this.keepFiguresAsText();
    this.adoptConnections();
  }

  /** Whether ccxt knows how to watch candles here. */
  get offered(): boolean {
    return this.exchange.has['watchOHLCV'] === true;
  }

  /** Every update of a market's newest candle. @throws the signal's reason, or what breaks the stream */
  async *watch(symbol: string, interval: Interval, signal: AbortSignal): AsyncGenerator<LiveCandle> {
    const { exchange } = this;
    const leave = this.enter(symbol, interval);
    try {
      // ccxt leaves this to its caller.
      await exchange.loadHttpProxyAgent();
      await exchange.loadProxyModules();
      for (;;) {
        signal.throwIfAborted();
        const rows = await abortable(exchange.watchOHLCV(symbol, interval), signal);
        const market = { id: exchange.market(symbol).id, timeframe: exchange.timeframes?.[interval] };
        for (const candle of toLiveCandles(rows)) {
          yield { candle, finished: this.finished.take(market, candle.openTime) };
        }
      }
    } finally {
      leave();
    }
  }

  /** Cuts all connections; whoever watches is thrown an error. */
  disconnect(reason: string): void {
    for (const [url, socket] of Object.entries(this.exchange.clients ?? {})) {
      socket.onError(new Error(reason));
      // Without a farewell, for which ccxt would wait.
      socket.connection?.terminate?.();
      delete this.exchange.clients?.[url];
    }
  }

  close(): void {
    this.stopWatchdog?.();
    this.stopWatchdog = undefined;
    this.disconnect('closed');
  }

  private enter(symbol: string, interval: Interval): () => void {
    const key = `${symbol}@${interval}`;
    this.watched.set(key, (this.watched.get(key) ?? 0) + 1);
    if (this.stopWatchdog === undefined) {
      this.heardAt = this.clock.monotonic();
      this.stopWatchdog = this.clock.every(this.stallMs / 4, () => this.giveUpOnSilence());
    }
    return () => {
      const left = (this.watched.get(key) ?? 1) - 1;
      if (left > 0) {
        this.watched.set(key, left);
        return;
      }
      this.watched.delete(key);
      this.clock.after(LINGER_MS, () => this.leave(symbol, interval, key));
    };
  }

  private leave(symbol: string, interval: Interval, key: string): void {
    if (this.watched.has(key)) return;
    if (this.watched.size === 0) return this.close();
    delete this.exchange.ohlcvs?.[symbol]?.[interval];
    if (this.exchange.has['unWatchOHLCV'] === true && Object.keys(this.exchange.clients ?? {}).length > 0) {
      void this.exchange.unWatchOHLCV(symbol, interval).catch(() => undefined);
    }
  }

  private giveUpOnSilence(): void {
    const silentMs = this.clock.monotonic() - this.heardAt;
    if (silentMs < this.stallMs) return;
    this.heardAt = this.clock.monotonic();
    this.disconnect(`no message for ${Math.round(silentMs / 1000)} s`);
  }

  /** Many of ccxt's parsers of messages take a float, whatever `number` says. */
  private keepFiguresAsText(): void {
    const { exchange } = this;
    const handle = exchange.handleMessage.bind(exchange);
    const [safeFloat, safeString] = [exchange.safeFloat.bind(exchange), exchange.safeString.bind(exchange)];
    exchange.handleMessage = (socket, message) => {
      this.heardAt = this.clock.monotonic();
      this.finished.note(message);
      exchange.safeFloat = safeString;
      try {
        const handled = handle(socket, message);
        if (handled instanceof Promise) handled.catch((error: Error) => socket.onError(error));
        return handled;
      } catch (error) {
        // A frame of no known form trips up ccxt's parsers, and would end every watch; errors of the exchange are ccxt's own.
        if (!(error instanceof TypeError)) throw error;
        return undefined;
      } finally {
        exchange.safeFloat = safeFloat;
      }
    };
  }

  private adoptConnections(): void {
    const { exchange } = this;
    const connect = exchange.client.bind(exchange);
    exchange.client = (url) => {
      const known = exchange.clients?.[url];
      const socket = connect(url);
      if (socket !== known) this.adopt(socket);
      return socket;
    };
  }

  private adopt(socket: CcxtSocket): void {
    this.heardAt = this.clock.monotonic();
    const [send, receive] = [socket.send.bind(socket), socket.onMessage.bind(socket)];
    // ccxt does not look at the outcome of what it sends after a wait; a closed connection would be an unhandled rejection.
    socket.send = (message) => {
      const sent = send(message);
      sent.catch(() => undefined);
      return sent;
    };
    // JSON that cannot be read would be printed.
    socket.log = () => undefined;
    const compressed = socket.gunzip || socket.inflate;
    socket.onMessage = ({ data }) => receive({ data: compressed ? data : quoteDecimals(data) });
  }
}

/**
 * Whether a stream would go the way that the requests go. One whose requests are sent elsewhere, to another host or
 * through a proxy, is not to be watched at the exchange's own address behind the back of whoever configured that.
 */
export function streamsWhereItAsks(options: Readonly<Record<string, unknown>>): boolean {
  const { api } = (options['urls'] ?? {}) as { api?: unknown };
  const moved = api !== undefined && !(typeof api === 'object' && api !== null && 'ws' in api);
  const named = (pattern: RegExp) => Object.keys(options).some((name) => pattern.test(name));
  const proxied = named(/^(https?|socks)_?proxy/i) || named(/^proxy_?url/i);
  return !moved && (!proxied || named(/^(ws|wss)_?(socks_?)?proxy/i));
}

export function notStreamed(id: string): ExchangeError {
  return new ExchangeError('EXCHANGE_BAD_REQUEST', `${id} has no stream of candles as it is configured`);
}
