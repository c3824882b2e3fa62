import { ExchangeError } from '../exchange-errors.js';

export interface CcxtMarket {
  readonly symbol?: string;
  readonly base?: string;
  readonly quote?: string;
  readonly active?: boolean;
}

/** One HTTP answer, in the form that ccxt's own transport gives it. */
export interface CcxtResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: unknown;
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

export type CcxtSend = (url: string, params: Record<string, unknown>) => Promise<CcxtResponse>;

/**
 * The part of a ccxt exchange that is used here. ccxt publishes its internals as `any`; naming them states what an
 * update of ccxt must keep.
 */
export interface CcxtExchange {
  readonly timeout: number;
  readonly has: Readonly<Record<string, unknown>>;
  readonly timeframes: Readonly<Record<string, unknown>> | undefined;
  markets: Readonly<Record<string, CcxtMarket>> | undefined;
  readonly markets_by_id: Readonly<Record<string, unknown>> | undefined;
  readonly currencies: Readonly<Record<string, unknown>> | undefined;
  loadMarkets(reload: boolean): Promise<unknown>;
  featureValue(symbol: string, method: string, parameter: string): unknown;
  fetchOHLCV(
    symbol: string,
    timeframe: string,
    since: number,
    limit: number,
    params: Readonly<Record<string, unknown>>,
  ): Promise<unknown>;
  close(): Promise<void>;

  loadFetchImplementation(): Promise<void>;
  fetchImplementation: CcxtSend;
  undiciRequest: CcxtSend;
  undiciBody: (response: UndiciResponse, binary: boolean) => Promise<unknown>;
  handleRestResponse: (response: CcxtResponse, ...rest: unknown[]) => Promise<unknown>;
  parseOHLCV: (row: unknown, market?: unknown) => unknown;
  parseOHLCVs: (rows: unknown, market?: unknown, ...rest: unknown[]) => unknown;
  readonly fetchDispatcher?: { destroy(): Promise<void> };
  readonly proxyDictionaries?: Readonly<Record<string, { destroy?(): unknown }>>;
}

/** What `undici.request` answers. */
export interface UndiciResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: NodeJS.ReadableStream & { text(): Promise<string>; arrayBuffer(): Promise<ArrayBuffer> };
}

type ErrorClass = abstract new (...args: never[]) => Error;

type ExchangeClasses = Readonly<Record<string, new (options: Record<string, unknown>) => CcxtExchange>>;

export interface CcxtLibrary {
  readonly exchanges: ExchangeClasses;
  /** The same with websockets, as far as ccxt has them. Loaded with the rest: an instance of both would cost more. */
  readonly pro: ExchangeClasses;
  readonly errors: Readonly<Record<string, ErrorClass>>;
}

/** Loads ccxt on first use: it costs about half a second and 80 MB, which a process without such markets is spared. */
export async function loadCcxt(): Promise<CcxtLibrary> {
  return (await import('ccxt')) as unknown as CcxtLibrary;
}

/** Whether ccxt knows an exchange by this id. Loads ccxt. */
export async function isCcxtExchange(id: string): Promise<boolean> {
  return Object.hasOwn((await loadCcxt()).exchanges, id);
}

/** @throws ExchangeError `EXCHANGE_BAD_REQUEST` when ccxt has no such exchange */
export function createCcxtExchange(
  library: CcxtLibrary,
  id: string,
  options: Readonly<Record<string, unknown>>,
): CcxtExchange {
  const known = Object.hasOwn(library.exchanges, id);
  const Exchange = known ? (library.pro[id] ?? library.exchanges[id]) : undefined;
  if (Exchange === undefined) {
    throw new ExchangeError('EXCHANGE_BAD_REQUEST', `unknown exchange ${JSON.stringify(id.slice(0, 40))}`);
  }
  // `number: String` keeps every figure as the exchange wrote it.
  // The last answer as text, which ccxt would keep, may be the list of all markets.
  const defaults = { enableRateLimit: true, timeout: 10_000, enableLastHttpResponse: false };
  return new Exchange({ ...defaults, ...options, number: String });
}
