import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Candle } from '../../src/candles/candle.js';
import { isInterval, openTimeAt, stepOpenTime, type Interval } from '../../src/common/interval.js';
import { asForming, toKline, type Kline } from './binance/klines.js';
import type { Misdeed, Where } from './binance/misdeeds.js';
import { UsedWeight } from './binance/used-weight.js';

const KLINE_PARAMETERS = new Set(['symbol', 'interval', 'startTime', 'endTime', 'timeZone', 'limit']);

export interface ServedMarket {
  /** `BTC/USDT`; served as `BTCUSDT`. */
  readonly symbol: string;
  /** One-minute candles, ascending. The last may still be forming: the server does not ask what time it is. */
  readonly candles: readonly Candle[];
  /** Candles of other intervals, ascending; nothing of those that are not named. */
  readonly series?: Readonly<Partial<Record<Interval, readonly Candle[]>>>;
  readonly tickSize?: string;
  readonly stepSize?: string;
  /** Binance's word; `TRADING` unless given. */
  readonly status?: string;
}

export interface RecordedRequest {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** When it arrived, Unix ms. */
  readonly time: number;
  /** Set when the client went away before the answer was complete. */
  aborted: boolean;
}

/** What to do instead of answering. `reset` and the like act on the socket; `*-in-body` after half of the true body. */
export type Fault =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  | 'html'
  | 'truncated'
  | 'reset'
  | 'reset-in-body'
  | 'hang'
  | 'hang-in-body';

/** Called for every request; nothing means a true answer. To delay one, resolve later. */
export type FaultHook = (request: RecordedRequest) => Fault | undefined | Promise<Fault | undefined>;

export interface BinanceServerOptions {
  readonly markets?: readonly ServedMarket[];
  /** Answers 404 to everything but `exchangeInfo` and `klines`. */
  readonly marketDataOnly?: boolean;
  /** Compresses, as Binance does, for clients that accept it. */
  readonly gzip?: boolean;
  /**
   * The exchange's clock, Unix ms: `serverTime` and the `Date` header. The real one unless given: a test whose clock runs
   * ahead of the real one must give it, or no candle of that future counts as closed.
   */
  readonly now?: () => number;
  /**
   * What the time really is, Unix ms. When given, the candle that is open then is served as it stands in its middle, and
   * later ones not at all; `now` may tell something else.
   */
  readonly trueTime?: () => number;
  readonly port?: number;
  readonly fault?: FaultHook;
}

/** HTTP 429 or 418, as Binance sends it; with null, as a proxy before it does: without `Retry-After`. */
export function rateLimited(retryAfterSeconds: number | null, status: 429 | 418 = 429): Fault {
  return {
    status,
    headers: retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) },
    body: JSON.stringify({ code: -1003, msg: 'Too many requests; current limit is 6000 request weight.' }),
  };
}

class Refusal extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

/**
 * Binance's market-data API on 127.0.0.1, with candles from memory: `exchangeInfo`, `klines`, `time`, `ping`.
 *
 * `fault` breaks the transport, `misbehave` the content: `server.misbehave(at(openTime), withVolume('-1'))`.
 */
export class BinanceServer {
  readonly requests: RecordedRequest[] = [];
  fault: FaultHook | undefined;
  /** How far its clock is off, in milliseconds: `Date`, `serverTime`. */
  clockOffset = 0;
  private readonly markets = new Map<string, ServedMarket>();
  private readonly weight = new UsedWeight();
  private misdeeds: Array<{ readonly where: Where; readonly misdeed: Misdeed }> = [];

  private constructor(
    private readonly server: Server,
    private readonly options: BinanceServerOptions,
  ) {
    this.fault = options.fault;
    for (const market of options.markets ?? []) this.setMarket(market);
    server.on('request', (request, response) => void this.handle(request, response));
  }

  static async start(options: BinanceServerOptions = {}): Promise<BinanceServer> {
    const server = createServer();
    const binance = new BinanceServer(server, options);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    return binance;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Base address of the API. */
  get url(): string {
    return `http://127.0.0.1:${this.port}/api/v3`;
  }

  /** What `CRYPTOFLOW_EXCHANGES` must hold for ccxt's `binance` to talk to this server. */
  exchangeOptions() {
    return {
      binance: {
        urls: { api: { public: this.url } },
        options: { fetchMarkets: { types: ['spot'] }, fetchCurrencies: false },
      },
    };
  }

  /** {@link exchangeOptions} as the variable's value. */
  urls(): string {
    return JSON.stringify(this.exchangeOptions());
  }

  /** Adds a market, or replaces it with its candles. */
  setMarket(market: ServedMarket): void {
    this.markets.set(market.symbol.replace('/', ''), market);
  }

  /** Takes a market off the list, as Binance does some time after a delisting. */
  removeMarket(symbol: string): void {
    this.markets.delete(symbol.replace('/', ''));
  }

  /** Sends false klines from now on, until the returned function is called. Misdeeds are done in their order. */
  misbehave(where: Where, misdeed: Misdeed): () => void {
    const entry = { where, misdeed };
    this.misdeeds.push(entry);
    return () => {
      this.misdeeds = this.misdeeds.filter((other) => other !== entry);
    };
  }

  /** The requests for klines so far, all or one symbol's (`BTC/USDT`). */
  klineRequests(symbol?: string): RecordedRequest[] {
    const id = symbol?.replace('/', '');
    return this.requests.filter(
      ({ path, query }) => path === '/api/v3/klines' && (id === undefined || query['symbol'] === id),
    );
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const recorded: RecordedRequest = {
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      time: Date.now(),
      aborted: false,
    };
    this.requests.push(recorded);
    response.on('close', () => (recorded.aborted = !response.writableFinished));

    const fault = await this.fault?.(recorded);
    if (response.destroyed) return;
    const { status, body } = this.answer(url);
    response.setHeader('content-type', 'application/json;charset=UTF-8');
    response.setHeader('x-mbx-used-weight-1m', String(this.weight.add(url.pathname, this.now())));
    if (this.options.now || this.options.trueTime || this.clockOffset !== 0) {
      response.setHeader('date', new Date(this.now()).toUTCString());
    }

    if (typeof fault === 'object') {
      response.writeHead(fault.status, { ...fault.headers }).end(fault.body ?? '');
    } else if (fault === 'html') {
      response.setHeader('content-type', 'text/html').end('<html><body>One moment, please…</body></html>');
    } else if (fault === 'truncated') {
      response.end(body.slice(0, body.length / 2));
    } else if (fault === 'reset') {
      request.socket.resetAndDestroy();
    } else if (fault !== 'hang') {
      this.send(request, response, status, body, fault);
    }
  }

  private send(
    request: IncomingMessage,
    response: ServerResponse,
    status: number,
    body: string,
    fault: 'reset-in-body' | 'hang-in-body' | undefined,
  ): void {
    let bytes = Buffer.from(body);
    if (this.options.gzip && /\bgzip\b/.test(String(request.headers['accept-encoding']))) {
      bytes = gzipSync(bytes);
      response.setHeader('content-encoding', 'gzip');
    }
    response.setHeader('content-length', bytes.length).writeHead(status);
    if (fault === undefined) {
      response.end(bytes);
      return;
    }
    response.write(bytes.subarray(0, bytes.length / 2), () => {
      if (fault === 'reset-in-body') request.socket.destroy();
    });
  }

  private answer(url: URL): { status: number; body: string } {
    try {
      return { status: 200, body: JSON.stringify(this.route(url)) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: error.status, body: JSON.stringify({ code: error.code, msg: error.message }) };
    }
  }

  private route({ pathname, searchParams }: URL): unknown {
    if (pathname === '/api/v3/exchangeInfo') return this.exchangeInfo(searchParams);
    if (pathname === '/api/v3/klines') return this.klines(searchParams);
    if (!this.options.marketDataOnly) {
      if (pathname === '/api/v3/ping') return {};
      if (pathname === '/api/v3/time') return { serverTime: this.now() };
    }
    throw new Refusal(-1000, 'Path not found.', 404);
  }

  private exchangeInfo(query: URLSearchParams): unknown {
    const [symbol, symbols] = [query.get('symbol'), query.get('symbols')];
    if (symbol !== null && symbols !== null)
      throw new Refusal(-1128, 'Combination of optional parameters invalid.');
    const ids = symbol === null ? parseSymbols(symbols) : [symbol];
    const markets = ids?.map((id) => this.market(id)) ?? [...this.markets.values()];
    return {
      timezone: 'UTC',
      serverTime: this.now(),
      rateLimits: [{ rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000 }],
      exchangeFilters: [],
      symbols: markets.map(describeMarket),
    };
  }

  private klines(query: URLSearchParams): Kline[] {
    for (const name of query.keys()) {
      if (!KLINE_PARAMETERS.has(name)) throw new Refusal(-1103, 'An unknown parameter was sent.');
    }
    const market = this.market(required(query, 'symbol'));
    const interval = required(query, 'interval');
    if (!isInterval(interval)) throw new Refusal(-1120, 'Invalid interval.');
    const candles = this.served(market, interval);

    const start = integer(query, 'startTime');
    const end = integer(query, 'endTime') ?? Infinity;
    const limit = Math.min(integer(query, 'limit') ?? 500, 1000);
    if (limit < 1) throw new Refusal(-1130, "Data sent for parameter 'limit' is not valid.");
    const inside = candles.filter(({ openTime }) => openTime >= (start ?? 0) && openTime <= end);
    const asked = start === undefined ? inside.slice(-limit) : inside.slice(0, limit);
    const all = candles.map((candle) => toKline(candle, interval));
    return this.misdeeds.reduce(
      (klines, { where, misdeed }) => misdeed(klines, where, all),
      asked.map((candle) => toKline(candle, interval)),
    );
  }

  private served({ candles, series = {} }: ServedMarket, interval: Interval): readonly Candle[] {
    const whole = interval === '1m' ? candles : (series[interval] ?? []);
    if (!this.options.trueTime) return whole;
    const open = openTimeAt(interval, this.options.trueTime());
    return whole
      .filter(({ openTime }) => openTime <= open)
      .map((candle) => (stepOpenTime(interval, candle.openTime, 1) > open ? asForming(candle) : candle));
  }

  private market(id: string): ServedMarket {
    if (!/^[A-Z0-9-_.]{1,20}$/.test(id)) {
      throw new Refusal(
        -1100,
        "Illegal characters found in parameter 'symbol'; legal range is '^[A-Z0-9-_.]{1,20}$'.",
      );
    }
    const market = this.markets.get(id);
    if (market === undefined) throw new Refusal(-1121, 'Invalid symbol.');
    return market;
  }

  private now(): number {
    return (this.options.now?.() ?? this.options.trueTime?.() ?? Date.now()) + this.clockOffset;
  }
}

function parseSymbols(text: string | null): string[] | undefined {
  if (text === null) return undefined;
  if (!/^\["[A-Z0-9-_.]+"(,"[A-Z0-9-_.]+")*\]$/.test(text)) {
    throw new Refusal(-1100, "Illegal characters found in parameter 'symbols'.");
  }
  return JSON.parse(text) as string[];
}

function required(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (value === null) {
    throw new Refusal(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`);
  }
  if (value === '') throw new Refusal(-1105, `Parameter '${name}' was empty.`);
  return value;
}

function integer(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  if (!/^\d{1,20}$/.test(value)) {
    throw new Refusal(
      -1100,
      `Illegal characters found in parameter '${name}'; legal range is '^[0-9]{1,20}$'.`,
    );
  }
  return Number(value);
}

function describeMarket({
  symbol,
  tickSize = '0.01',
  stepSize = '0.00001',
  status = 'TRADING',
}: ServedMarket) {
  const [baseAsset, quoteAsset] = symbol.split('/');
  return {
    symbol: symbol.replace('/', ''),
    status,
    baseAsset,
    baseAssetPrecision: 8,
    quoteAsset,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    orderTypes: ['LIMIT', 'MARKET'],
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: tickSize, maxPrice: '1000000.00000000', tickSize },
      { filterType: 'LOT_SIZE', minQty: stepSize, maxQty: '9000.00000000', stepSize },
    ],
    permissions: [],
    permissionSets: [['SPOT']],
  };
}
