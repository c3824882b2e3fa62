import type { ExchangeClient } from './exchange-client.js';
import type { ExchangeGuard } from './exchange-guard.js';

/** The same client, but `markets` and `fetchCandles` ask the guard first. Whatever else it offers stays as it is. */
export function guarded(client: ExchangeClient, guard: ExchangeGuard): ExchangeClient {
  const calls: Pick<ExchangeClient, 'markets' | 'fetchCandles'> = {
    // One answer, without which no candle can be asked for: it does not wait behind history.
    markets: (signal) => guard.run(client.id, { urgent: true, symbol: null }, () => client.markets(signal)),
    fetchCandles: (request) => {
      const { symbol, urgent = false } = request;
      return guard.run(client.id, { urgent, symbol }, () => client.fetchCandles(request));
    },
  };
  return new Proxy(client, {
    get(target, name) {
      if (name === 'markets' || name === 'fetchCandles') return calls[name];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
