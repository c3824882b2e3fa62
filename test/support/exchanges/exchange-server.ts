import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Candle } from '../../../src/candles/candle.js';
import type { Interval } from '../../../src/common/interval.js';

/** What one exchange has, and what it says. */
export interface ExchangeData {
  readonly interval: Interval;
  /** Ascending; the last may be the one that is open. */
  readonly candles: readonly Candle[];
  /** The exchange's clock, Unix ms. */
  readonly now: () => number;
  /** Sent for candles as it is, instead of what follows from `candles`: an answer from the documentation. */
  readonly documented?: unknown;
}

/** A refusal as the exchange words it. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
  ) {
    super(`HTTP ${status}`);
  }
}

/** An answer, or undefined where there is no such path. */
export type Route = (path: string, query: URLSearchParams) => unknown;

export interface RunningExchange {
  readonly url: string;
  /** Path and query of every request so far. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** Serves JSON on 127.0.0.1, dated by the exchange's clock. */
export async function serveExchange(route: Route, now: () => number): Promise<RunningExchange> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    requests.push(`${url.pathname}${url.search}`);
    const { status, body } = answer(route, url);
    response
      .writeHead(status, { 'content-type': 'application/json', date: new Date(now()).toUTCString() })
      .end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(route: Route, url: URL): { status: number; body: unknown } {
  try {
    const body = route(url.pathname, url.searchParams);
    return body === undefined ? { status: 404, body: { error: 'no such path' } } : { status: 200, body };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { status: error.status, body: error.body };
  }
}

/** A whole number among the parameters. */
export function numberIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  return text === null ? undefined : Number(text);
}
