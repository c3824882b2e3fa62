import { AsyncLocalStorage } from 'node:async_hooks';
import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { Observed } from '../../common/observed.js';
import { SqliteDatabase } from '../../database/sqlite/sqlite-database.js';
import { ExchangeError, ExchangeHeldBackError } from '../../exchanges/exchange-errors.js';
import type { Asking, ExchangeAnswer, ExchangeGuard } from '../../exchanges/exchange-guard.js';
import { Log } from '../../logging/log.js';
import { holdOf, shareUsed } from './budget.js';
import { CircuitBreaker, type BreakerState } from './circuit-breaker.js';
import { ExchangeBudgets } from './exchange-budgets.js';

/** How soon they ask again who shared a request that failed. */
const SHARED_RETRY_MS = 1000;

/** How it stands with an exchange. Times are Unix ms. */
export interface ExchangeStatus {
  readonly exchange: string;
  /** The circuit breaker's, and since when. */
  readonly state: BreakerState;
  readonly since: number;
  /** When the exchange may be asked again, for whatever reason it may not now; null when it may. */
  readonly nextAttempt: number | null;
  /** Code of the last failure of the exchange as such. */
  readonly lastError: string | null;
  /** What the exchange has said: until when nobody may ask it, and why; null when anybody may. */
  readonly blocked: { readonly until: number; readonly reason: string; readonly strikes: number } | null;
  /** Of its quota in its present window, 0 to 1, where it tells. */
  readonly quotaUsed: number;
}

/** What became of one request to an exchange: `ok`, or the code of its error. */
export interface RequestOutcome {
  readonly exchange: string;
  readonly outcome: string;
}

/** One call that was let through. */
interface Asked {
  readonly exchange: string;
  /** Null when it is about all markets. */
  readonly symbol: string | null;
  readonly breaker: CircuitBreaker;
}

/** Stands before every exchange: its budget, which all processes share, and a circuit breaker of this process. */
@Injectable()
export class ExchangeGuards extends Observed<RequestOutcome> implements ExchangeGuard {
  private readonly breakers = new Map<string, CircuitBreaker>();
  private readonly urgency = new AsyncLocalStorage<boolean>();
  /** A request that several wait for fails for each of them, with one error. */
  private readonly judged = new WeakSet<Error>();

  constructor(
    @Inject(ExchangeBudgets) private readonly budgets: ExchangeBudgets,
    @Inject(SqliteDatabase) private readonly database: SqliteDatabase,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {
    super();
  }

  get processes(): number {
    return 1 + this.database.queue.companions;
  }

  async run<T>(exchange: string, asking: Asking, call: () => Promise<T>): Promise<T> {
    try {
      const result = await this.urgency.run(asking.urgent, () => this.through(exchange, asking.symbol, call));
      this.tell({ exchange, outcome: 'ok' });
      return result;
    } catch (error) {
      // Whoever asks goes on from here, and may be killed: who is started next must not renew a ban.
      await this.budgets.written(exchange);
      if (error instanceof ExchangeError) this.tell({ exchange, outcome: error.code });
      throw error;
    }
  }

  async beforeRequest(exchange: string): Promise<void> {
    const hold = await this.budgets.hold(exchange, this.urgency.getStore() ?? false);
    if (hold) throw new ExchangeHeldBackError(exchange, hold.reason, hold.ms);
  }

  afterAnswer(exchange: string, { status, retryAfterMs, quota }: ExchangeAnswer): void {
    if (quota) this.budgets.used(exchange, quota);
    if (status === 418) this.budgets.refused(exchange, { reason: 'banned', retryAfterMs });
    if (status === 429) this.budgets.refused(exchange, { reason: 'rate-limited', retryAfterMs });
  }

  /** Every exchange that was asked, or is known from others. */
  async status(): Promise<ExchangeStatus[]> {
    const budgets = await this.budgets.all();
    const names = new Set([...this.breakers.keys(), ...budgets.keys()]);
    return [...names].toSorted().map((exchange) => this.statusOf(exchange));
  }

  private async through<T>(exchange: string, symbol: string | null, call: () => Promise<T>): Promise<T> {
    await this.beforeRequest(exchange);
    const breaker = this.breaker(exchange);
    const asked = { exchange, symbol, breaker };
    const waitMs = breaker.enter(symbol);
    if (waitMs > 0) throw new ExchangeHeldBackError(exchange, 'unavailable', waitMs);
    try {
      const result = await call();
      breaker.succeeded();
      return result;
    } catch (error) {
      throw this.judge(asked, error);
    }
  }

  /** @returns what to throw: the error itself, where it is news to whoever asked */
  private judge(asked: Asked, error: unknown): unknown {
    const isExchanges =
      error instanceof ExchangeError && error.retryable && error.code !== 'EXCHANGE_HELD_BACK';
    if (!isExchanges) {
      asked.breaker.undecided();
      return error;
    }
    if (this.judged.has(error)) {
      return new ExchangeHeldBackError(asked.exchange, 'unavailable', SHARED_RETRY_MS, { cause: error });
    }
    this.judged.add(error);
    return error.code === 'EXCHANGE_RATE_LIMITED' ? this.refused(asked, error) : this.failed(asked, error);
  }

  private refused({ exchange, breaker }: Asked, error: ExchangeError): unknown {
    breaker.succeeded();
    // Of what came over HTTP the guard has heard already.
    if (this.budgets.of(exchange).blockedUntil <= this.clock.now()) {
      this.budgets.refused(exchange, { reason: 'rate-limited', retryAfterMs: error.retryAfterMs });
    }
    const hold = holdOf(this.budgets.of(exchange), true, this.clock.now());
    return hold ? new ExchangeHeldBackError(exchange, hold.reason, hold.ms, { cause: error }) : error;
  }

  private failed({ exchange, symbol, breaker }: Asked, error: ExchangeError): unknown {
    const { retryAfterMs } = error;
    if (retryAfterMs !== undefined) {
      this.budgets.refused(exchange, { reason: 'asked-to-wait', retryAfterMs });
    }
    const wasOpen = breaker.state === 'open';
    breaker.failed(error.code, symbol);
    // It was on its way when the breaker opened.
    if (wasOpen) return new ExchangeHeldBackError(exchange, 'unavailable', breaker.waitMs, { cause: error });
    return error;
  }

  private statusOf(exchange: string): ExchangeStatus {
    const { state, since, lastError, waitMs } = this.breaker(exchange);
    const budget = this.budgets.of(exchange);
    const { blockedUntil, reason, strikes } = budget;
    const now = this.clock.now();
    const isBlocked = blockedUntil > now;
    const nextAttempt = Math.max(state === 'open' ? now + waitMs : 0, isBlocked ? blockedUntil : 0);
    return {
      exchange,
      state,
      since,
      nextAttempt: nextAttempt === 0 ? null : Math.round(nextAttempt),
      lastError,
      blocked: isBlocked ? { until: blockedUntil, reason: reason ?? 'rate-limited', strikes } : null,
      quotaUsed: shareUsed(budget, now),
    };
  }

  private breaker(exchange: string): CircuitBreaker {
    let breaker = this.breakers.get(exchange);
    if (!breaker) {
      breaker = new CircuitBreaker(this.clock, ({ state, lastError, waitMs }) => {
        const level = state === 'open' ? 'warn' : 'info';
        this.log[level]('exchange.breaker', { exchange, state, lastError, waitMs: Math.round(waitMs) });
      });
      this.breakers.set(exchange, breaker);
    }
    return breaker;
  }
}
