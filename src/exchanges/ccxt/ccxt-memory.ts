import type { CcxtExchange } from './ccxt-library.js';

/**
 * Lets go of what the exchange wrote of each market and currency: ccxt keeps it all beside what it has read from it, twice
 * for markets, and of thousands of markets that is most of what they weigh. Nothing that asks for candles looks at it.
 */
export function slim({ markets, markets_by_id: byId, currencies }: CcxtExchange): void {
  for (const market of Object.values(markets ?? {})) dropInfo(market);
  for (const sameId of Object.values(byId ?? {})) {
    for (const market of Array.isArray(sameId) ? (sameId as unknown[]) : [sameId]) dropInfo(market);
  }
  for (const currency of Object.values(currencies ?? {})) dropInfo(currency);
}

function dropInfo(entry: unknown): void {
  if (typeof entry === 'object' && entry !== null && 'info' in entry) entry.info = undefined;
}
