import { CryptoFlowError } from '../common/errors.js';
import { INTERVALS, isInterval, type Interval } from '../common/interval.js';

/** One entry of `CRYPTOFLOW_MARKETS`: `exchange:SYMBOL@interval[,interval…]`. The symbol may hold `*`. */
export interface MarketSelector {
  readonly exchange: string;
  readonly symbol: string;
  readonly intervals: readonly Interval[];
}

export class InvalidMarketsError extends CryptoFlowError {
  constructor(message: string) {
    super('INVALID_MARKETS', message);
  }
}

const SELECTOR = /^([a-z0-9_-]+):([^\s@]+)@([^\s@]+)$/i;

/**
 * Reads `binance:BTC/USDT@1m kraken:ETH/USD@1m,1h`.
 *
 * @throws InvalidMarketsError that tells which entry, without its text
 */
export function parseMarkets(text: string): MarketSelector[] {
  const entries = text.split(/\s+/).filter((entry) => entry !== '');
  if (entries.length === 0) throw new InvalidMarketsError('names no market');
  return entries.map(parseEntry);
}

function parseEntry(entry: string, index: number): MarketSelector {
  const match = SELECTOR.exec(entry);
  if (!match) {
    throw new InvalidMarketsError(
      `entry ${index + 1}: expected exchange:SYMBOL@interval, as in binance:BTC/USDT@1m`,
    );
  }
  const [, exchange, symbol, intervals] = match;
  const named = [...new Set(intervals!.split(','))];
  if (!named.every(isInterval)) {
    throw new InvalidMarketsError(`entry ${index + 1}: expected intervals out of ${INTERVALS.join(', ')}`);
  }
  return { exchange: exchange!, symbol: symbol!, intervals: named };
}

/** Whether a selector's symbol, where `*` stands for any run of characters, matches `symbol`. */
export function matchesSymbol(pattern: string, symbol: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(symbol);
}

export function isWildcard(selector: MarketSelector): boolean {
  return selector.symbol.includes('*');
}
