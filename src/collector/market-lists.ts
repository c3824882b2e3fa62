import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { Market } from '../exchanges/exchange-client.js';
import { ExchangeRegistry } from '../exchanges/exchange-registry.js';

/** For so long a list is handed on to whoever asks next, in milliseconds; then it is let go. */
const FRESH_MS = 10_000;
/** How soon a list is read anew for a market that it does not hold. */
const RENEW_AFTER_MS = 60_000;

/**
 * The exchanges' lists of markets, asked for as seldom as may be: on Binance one weighs as much as ten pages of candles.
 * Of each only when it was read is remembered.
 */
@Injectable()
export class MarketLists {
  private readonly readAt = new Map<string, number>();
  private readonly fresh = new Map<string, readonly Market[]>();

  constructor(
    @Inject(ExchangeRegistry) private readonly exchanges: Pick<ExchangeRegistry, 'get'>,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** The list as it is now. Those who ask at about the same time share one. @throws ExchangeError */
  async read(exchange: string, signal: AbortSignal | undefined): Promise<readonly Market[]> {
    const fresh = this.fresh.get(exchange);
    if (fresh) return fresh;
    const markets = await this.exchanges.get(exchange).markets(signal);
    this.readAt.set(exchange, this.clock.monotonic());
    this.fresh.set(exchange, markets);
    this.clock.after(FRESH_MS, () => this.fresh.delete(exchange));
    return markets;
  }

  /** Has the client of this exchange know its markets. @throws ExchangeError */
  async ensure(exchange: string, signal: AbortSignal): Promise<void> {
    if (!this.readAt.has(exchange)) await this.read(exchange, signal);
  }

  /**
   * Reads the list again for a market that was not in it: another process may have found it in a newer one.
   *
   * @returns false when the list that is known is new enough
   * @throws ExchangeError
   */
  async renew(exchange: string, signal: AbortSignal | undefined): Promise<boolean> {
    const readAt = this.readAt.get(exchange) ?? -Infinity;
    if (this.clock.monotonic() - readAt < RENEW_AFTER_MS) return false;
    await this.read(exchange, signal);
    return true;
  }
}
