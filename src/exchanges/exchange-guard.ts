import type { ServedQuota } from './served-quota.js';

/** What an HTTP answer of an exchange said besides its body. */
export interface ExchangeAnswer {
  readonly status: number;
  /** How long it asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** What it says of its quota of requests, where it does. */
  readonly quota: ServedQuota | undefined;
}

/** What an exchange is to be asked. */
export interface Asking {
  /** Whether somebody waits for it; bulk work leaves the exchange some room. */
  readonly urgent: boolean;
  /** The market that it is about; null when it is about all of them. */
  readonly symbol: string | null;
}

/**
 * Decides whether an exchange may be asked, and learns from what it answers. The registry puts every client behind the
 * guard that a module exports; without one, nothing is held back.
 */
export abstract class ExchangeGuard {
  /** How many processes share the address, this one included: each takes its part of the pace. */
  abstract readonly processes: number;

  /**
   * Runs one call of the port. When it fails, what the exchange has said of when to ask again is written down by then.
   *
   * @throws ExchangeHeldBackError, or whatever `call` throws
   */
  abstract run<T>(exchange: string, asking: Asking, call: () => Promise<T>): Promise<T>;

  /**
   * Right before an HTTP request leaves: it may have waited for its turn since `run` let it pass.
   *
   * @throws ExchangeHeldBackError
   */
  abstract beforeRequest(exchange: string): Promise<void>;

  abstract afterAnswer(exchange: string, answer: ExchangeAnswer): void;
}
