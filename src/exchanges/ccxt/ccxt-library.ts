import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ExchangeError } from '../exchange-errors.js';

export interface CcxtMarket {
  readonly symbol?: string;
  readonly base?: string;
  readonly quote?: string;
  readonly active?: boolean;
  readonly precision?: { readonly price?: unknown; readonly amount?: unknown };
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
  /** How `precision` of a market is meant: `DECIMAL_PLACES`, `SIGNIFICANT_DIGITS` or `TICK_SIZE` of ccxt. */
  readonly precisionMode?: unknown;
  /** Spaces the requests: `refillRate` is their cost per millisecond. */
  readonly throttler?: { readonly config: Record<string, unknown> };
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

/** What is needed of ccxt for one of its exchanges. */
export interface CcxtLibrary {
  /** With websockets, as far as ccxt has them: an instance of each would cost more. */
  readonly Exchange: new (options: Record<string, unknown>) => CcxtExchange;
  readonly errors: Readonly<Record<string, ErrorClass>>;
}

/**
 * Loads of ccxt what one exchange needs, on first use. With all others beside it, as the package itself would load it, it
 * takes half a second and 80 MB more, and the collector would keep as much again for its garbage.
 *
 * @throws ExchangeError `EXCHANGE_BAD_REQUEST` when ccxt has no such exchange
 */
export async function loadCcxt(id: string): Promise<CcxtLibrary> {
  if (!isCcxtExchange(id)) {
    throw new ExchangeError('EXCHANGE_BAD_REQUEST', `unknown exchange ${JSON.stringify(id.slice(0, 40))}`);
  }
  const withStreams = sourceOf(`pro/${id}`);
  const [{ default: Exchange }, errors] = await Promise.all([
    importSource<{ default: CcxtLibrary['Exchange'] }>(existsSync(withStreams) ? withStreams : sourceOf(id)),
    importSource<CcxtLibrary['errors']>(sourceOf('base/errors')),
  ]);
  return { Exchange, errors };
}

/** Whether ccxt knows an exchange by this id. */
export function isCcxtExchange(id: string): boolean {
  return /^[a-z0-9]+$/.test(id) && existsSync(sourceOf(id));
}

export function createCcxtExchange(
  { Exchange }: CcxtLibrary,
  options: Readonly<Record<string, unknown>>,
): CcxtExchange {
  // `number: String` keeps every figure as the exchange wrote it.
  // The last answer as text, which ccxt would keep, may be the list of all markets.
  const defaults = { enableRateLimit: true, timeout: 10_000, enableLastHttpResponse: false };
  return new Exchange({ ...defaults, ...options, number: String });
}

/** The package names its exchanges' files to nobody, but keeps each in one of its own, in a folder beside its bundle. */
function sourceOf(name: string): string {
  const bundle = createRequire(import.meta.url).resolve('ccxt');
  return join(dirname(bundle), '..', 'js', 'src', `${name}.js`);
}

async function importSource<T>(file: string): Promise<T> {
  return (await import(pathToFileURL(file).href)) as T;
}
