import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../../common/clock.js';
import { ExchangeError } from '../exchange-errors.js';
import { readBody } from './ccxt-body.js';
import type { CcxtCall } from './ccxt-call.js';
import type { CcxtExchange, CcxtResponse, CcxtSend } from './ccxt-library.js';
import { keepRows } from './ccxt-rows.js';

/** Reads its markets from a web page, so that text is a good answer there. */
const SCRAPES_WEB_PAGES: ReadonlySet<string> = new Set(['gemini']);

/**
 * Stands between one ccxt exchange and the network, and makes good what ccxt leaves open: requests are cancelled by
 * the caller's signal, the timeout covers the body too, and an answer that is not what was asked for fails instead of
 * passing for "no candles". Works by replacing a few methods of the instance, so that proxies, headers, rate limits and
 * each exchange's own error handling stay ccxt's.
 */
export class CcxtTransport {
  private readonly calls = new AsyncLocalStorage<CcxtCall>();

  constructor(
    private readonly id: string,
    private readonly exchange: CcxtExchange,
    private readonly clock: Clock,
  ) {
    this.checkAnswers();
    keepRows(exchange, (what) => {
      throw this.unreadable(what);
    });
  }

  /** Must be awaited before the first call: only then it is known which HTTP client ccxt uses. */
  async attach(): Promise<void> {
    const { exchange } = this;
    await exchange.loadFetchImplementation();
    exchange.fetchImplementation = this.cancellable(exchange.fetchImplementation);
    exchange.undiciRequest = this.cancellable(exchange.undiciRequest.bind(exchange));
    exchange.undiciBody = readBody;
  }

  /** Runs `task`; the HTTP requests that it makes belong to `call`. */
  run<T>(call: CcxtCall, task: () => Promise<T>): Promise<T> {
    return this.calls.run(call, task);
  }

  private cancellable(send: CcxtSend): CcxtSend {
    return async (url, params) => {
      const call = this.calls.getStore();
      if (call === undefined) return send(url, params);

      const request = new OpenRequest(call, params['signal'], this.clock, this.exchange.timeout);
      try {
        const response = await send(url, { ...params, signal: request.signal });
        call.answered(response.status, response.headers);
        return {
          status: response.status,
          statusText: response.statusText,
          headers: response.headers,
          text: () => response.text().finally(() => request.done()),
          arrayBuffer: () => response.arrayBuffer().finally(() => request.done()),
        };
      } catch (error) {
        request.done();
        throw error;
      }
    };
  }

  /** ccxt hands a body that is not JSON on as text, and its parsers then find no rows in it; nor do they in `{}`. */
  private checkAnswers(): void {
    const handle = this.exchange.handleRestResponse.bind(this.exchange);
    this.exchange.handleRestResponse = async (response: CcxtResponse, ...rest) => {
      const answer = await handle(response, ...rest);
      if (response.status >= 400) throw this.unreadable(`HTTP ${response.status}`);
      if (typeof answer === 'string' && !SCRAPES_WEB_PAGES.has(this.id)) {
        throw this.unreadable('the answer is not JSON');
      }
      if (isEmptyObject(answer)) throw this.unreadable('the answer is empty');
      return answer;
    };
  }

  private unreadable(what: string): ExchangeError {
    return new ExchangeError('EXCHANGE_UNAVAILABLE', `${this.id}: ${what}`);
  }
}

function isEmptyObject(answer: unknown): boolean {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    !Array.isArray(answer) &&
    Object.keys(answer).length === 0
  );
}

/** One HTTP request from its start to the end of its body: ends early with the caller's signal, ccxt's, or the time. */
class OpenRequest {
  private readonly controller = new AbortController();
  private readonly sources: AbortSignal[];
  private readonly stopTimer: () => void;

  constructor(call: CcxtCall, ccxtSignal: unknown, clock: Clock, timeoutMs: number) {
    this.sources = [call.signal, ccxtSignal].filter((source) => source instanceof AbortSignal);
    // By hand, and not with AbortSignal.any: a signal that lives as long as the process would keep every request.
    for (const source of this.sources) {
      if (source.aborted) this.abort();
      source.addEventListener('abort', this.abort, { once: true });
    }
    this.stopTimer = clock.after(timeoutMs, () => {
      call.timedOut = true;
      this.abort();
    });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  done(): void {
    this.stopTimer();
    for (const source of this.sources) source.removeEventListener('abort', this.abort);
  }

  private readonly abort = () => this.controller.abort();
}
