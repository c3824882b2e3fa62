import type { Clock } from '../../common/clock.js';
import { firstOpenTimeFrom, gridOf, openTimeAt, stepOpenTime, type Interval } from '../../common/interval.js';
import { abortable } from '../abortable.js';
import {
  ExchangeClient,
  type CandlePage,
  type CandleRequest,
  type LiveCandle,
  type Market,
  type WatchRequest,
} from '../exchange-client.js';
import { ExchangeError } from '../exchange-errors.js';
import type { ExchangeGuard } from '../exchange-guard.js';
import { CcxtCall } from './ccxt-call.js';
import { readCcxtCandles } from './ccxt-candles.js';
import { CcxtErrors } from './ccxt-errors.js';
import { createCcxtExchange, loadCcxt, type CcxtExchange, type CcxtLibrary } from './ccxt-library.js';
import { slim } from './ccxt-memory.js';
import { stepOf } from './ccxt-precision.js';
import { CcxtPaging, type AskForRows } from './ccxt-paging.js';
import { CcxtStream, notStreamed, streamsWhereItAsks, type CcxtStreamingExchange } from './ccxt-stream.js';
import { CcxtTransport } from './ccxt-transport.js';
import { SharedLoad } from './shared-load.js';

const DEFAULT_PAGE = 500;
const MAX_PAGE = 1000;

interface Opened {
  readonly library: CcxtLibrary;
  readonly exchange: CcxtExchange;
  readonly transport: CcxtTransport;
  readonly stream: CcxtStream;
}

/**
 * Any of ccxt's exchanges. ccxt is loaded and the exchange created on first use; ccxt spaces the requests. A request
 * that is not answered within ccxt's `timeout` (10 seconds unless configured), body included, is cancelled.
 */
export class CcxtClient extends ExchangeClient {
  readonly concurrency = 4;

  private readonly errors: CcxtErrors;
  private readonly paging = new CcxtPaging();
  private readonly marketLoad = new SharedLoad((signal) => this.loadMarkets(signal));
  private opening: Promise<Opened> | undefined;
  private opened: Opened | undefined;
  private knowsMarkets = false;

  /**
   * @param id ccxt's id of the exchange; an unknown one fails on first use
   * @param options handed to ccxt's constructor as they are
   * @param guard is asked before every HTTP request, those that ccxt makes by itself included
   */
  constructor(
    readonly id: string,
    private readonly options: Readonly<Record<string, unknown>>,
    private readonly clock: Clock,
    private readonly guard?: ExchangeGuard,
  ) {
    super();
    this.errors = new CcxtErrors(id, options);
  }

  /** Asks the exchange every time; callers at the same time share one answer. */
  markets(signal?: AbortSignal): Promise<readonly Market[]> {
    return this.marketLoad.join(signal);
  }

  pageSize(symbol: string, _interval: Interval): number {
    return this.pageFigures(symbol).size;
  }

  async fetchCandles({ symbol, interval, anchor, from, to, signal }: CandleRequest): Promise<CandlePage> {
    const { exchange } = await this.ready(symbol, interval, signal);
    const grid = gridOf({ interval, anchor });
    const first = firstOpenTimeFrom(grid, from);
    // Nothing opens later than now, but for clocks that disagree a little.
    const end = Math.min(to, stepOpenTime(grid, openTimeAt(grid, this.clock.now()), 2));
    if (first >= end) return { closed: [], forming: null };

    const { size, isKnown } = this.pageFigures(symbol);
    const window = {
      grid,
      from: first,
      to: end,
      now: this.clock.now(),
      pageSize: size,
      sizeIsKnown: isKnown,
    };
    const clocks: number[] = [];
    const ask: AskForRows = (since, limit, until) =>
      this.call(signal, async (_, call) => {
        const rows = await exchange.fetchOHLCV(symbol, interval, since, limit, until ? { until } : {});
        if (call.serverTime !== undefined) clocks.push(call.serverTime);
        return rows;
      });
    const page = this.paging.read(ask, window).then((rows) => {
      const [now, latest] = [Math.min(this.clock.now(), ...clocks), Math.max(this.clock.now(), ...clocks)];
      return readCcxtCandles(this.id, rows, { grid, from: first, to: end, limit: size, now, latest });
    });
    // While a request waits for its turn, ccxt cannot be told; it is then dropped when its turn comes.
    return abortable(page, signal);
  }

  override async *watchCandles({ symbol, interval, signal }: WatchRequest): AsyncGenerator<LiveCandle> {
    if (!streamsWhereItAsks(this.options)) throw notStreamed(this.id);
    const { stream, library } = await this.ready(symbol, interval, signal);
    if (!stream.offered) throw notStreamed(this.id);
    try {
      yield* stream.watch(symbol, interval, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw this.errors.translate(error, new CcxtCall(this.clock, signal), library);
    }
  }

  async close(): Promise<void> {
    const opened = await this.opening?.catch(() => undefined);
    if (opened === undefined) return;
    opened.stream.close();
    await opened.exchange.close();
    // ccxt closes its web sockets only.
    await opened.exchange.fetchDispatcher?.destroy();
    for (const proxy of Object.values(opened.exchange.proxyDictionaries ?? {})) await proxy.destroy?.();
  }

  private pageFigures(symbol: string): { readonly size: number; readonly isKnown: boolean } {
    const exchange = this.opened?.exchange;
    const isListed = exchange?.markets !== undefined && Object.hasOwn(exchange.markets, symbol);
    const limit = isListed ? exchange.featureValue(symbol, 'fetchOHLCV', 'limit') : undefined;
    if (typeof limit !== 'number' || limit < 1) return { size: DEFAULT_PAGE, isKnown: false };
    return { size: Math.min(Math.floor(limit), MAX_PAGE), isKnown: true };
  }

  /** @throws ExchangeError when this market or interval cannot be asked for */
  private async ready(symbol: string, interval: Interval, signal: AbortSignal | undefined): Promise<Opened> {
    signal?.throwIfAborted();
    if (!this.knowsMarkets) await this.markets(signal);
    const opened = await this.open();
    const { has, timeframes, markets } = opened.exchange;
    // `emulated` would mean candles that ccxt puts together from the latest trades.
    if (has['fetchOHLCV'] !== true || (timeframes?.[interval] ?? null) === null) {
      throw new ExchangeError('EXCHANGE_BAD_REQUEST', `${this.id} offers no candles of ${interval}`);
    }
    if (markets === undefined || !Object.hasOwn(markets, symbol)) {
      throw new ExchangeError('EXCHANGE_BAD_SYMBOL', `${this.id} has no market ${symbol.slice(0, 60)}`);
    }
    return opened;
  }

  private loadMarkets(signal: AbortSignal): Promise<Market[]> {
    return this.call(signal, async ({ exchange }) => {
      const before = exchange.markets ?? {};
      // Without `reload`, ccxt would repeat the first answer for ever, even if it was a failure.
      await exchange.loadMarkets(true);
      const markets = Object.entries(exchange.markets ?? {}).map(
        ([symbol, { base = '', quote = '', active, precision }]): Market => ({
          symbol,
          base,
          quote,
          active: active !== false,
          tickSize: stepOf(precision?.price, exchange.precisionMode),
          stepSize: stepOf(precision?.amount, exchange.precisionMode),
        }),
      );
      slim(exchange);
      // A list may be short by mistake: whether a market is still there is the exchange's to say when asked for it.
      exchange.markets = { ...before, ...exchange.markets };
      // JSON of some other shape ends here; taken at its word it would delist everything.
      if (markets.length === 0) {
        throw new ExchangeError('EXCHANGE_UNAVAILABLE', `${this.id} lists no markets`);
      }
      this.knowsMarkets = true;
      return markets;
    });
  }

  private async call<T>(
    signal: AbortSignal | undefined,
    task: (opened: Opened, call: CcxtCall) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    const call = new CcxtCall(this.clock, signal);
    try {
      const opened = await this.open();
      return await opened.transport.run(call, () => task(opened, call));
    } catch (error) {
      signal?.throwIfAborted();
      throw this.errors.translate(error, call, this.opened?.library);
    }
  }

  private open(): Promise<Opened> {
    return (this.opening ??= this.create().catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    }));
  }

  private async create(): Promise<Opened> {
    const library = await loadCcxt(this.id);
    const exchange = createCcxtExchange(library, this.options);
    const transport = new CcxtTransport(this.id, exchange, this.clock, this.guard);
    await transport.attach();
    const stream = new CcxtStream(exchange as CcxtStreamingExchange, this.clock);
    this.opened = { library, exchange, transport, stream };
    return this.opened;
  }
}
