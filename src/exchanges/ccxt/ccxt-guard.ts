import type { Clock } from '../../common/clock.js';
import { parseHttpDate, parseRetryAfter } from '../answer-headers.js';
import type { ExchangeGuard } from '../exchange-guard.js';
import { readQuota, type ReadHeader } from '../served-quota.js';
import { readHeader } from './ccxt-call.js';
import type { CcxtExchange, CcxtSend } from './ccxt-library.js';

/** `send`, but the guard is asked right before each request, and told what the answer said. */
export function guardedSend(
  id: string,
  send: CcxtSend,
  exchange: CcxtExchange,
  guard: ExchangeGuard,
  clock: Clock,
): CcxtSend {
  // ccxt spaces the requests of one process; of several behind one address, each goes so many times slower.
  const pace = exchange.throttler?.config;
  const alone = pace?.['refillRate'];
  return async (url, params) => {
    if (pace && typeof alone === 'number') pace['refillRate'] = alone / guard.processes;
    await guard.beforeRequest(id);
    const response = await send(url, params);
    const header: ReadHeader = (name) => readHeader(response.headers, name);
    guard.afterAnswer(id, {
      status: response.status,
      retryAfterMs: parseRetryAfter(header('retry-after'), clock.now()),
      quota: readQuota(url, header, parseHttpDate(header('date')) ?? clock.now()),
    });
    return response;
  };
}
