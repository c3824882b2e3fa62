import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import type { Lane } from '../../database/lanes.js';
import type { ServedQuota } from '../../exchanges/served-quota.js';
import { Log } from '../../logging/log.js';
import { BudgetStore } from './budget-store.js';
import {
  afterAnswer,
  afterRefusal,
  FRESH_BUDGET,
  holdOf,
  mergeBudgets,
  shareUsed,
  type Budget,
  type Hold,
  type Refusal,
} from './budget.js';

/** How old what is known of the other processes may be. */
const FRESH_MS = 100;
/** A quota of which less is used is of no interest to the others. */
const NOTED_SHARE = 0.5;
/** At most so often the used quota of an exchange is written down; and how soon a write that failed is tried again. */
const WRITE_EVERY_MS = 1000;

/** What this process knows of the budgets of all exchanges: its own hearing at once, that of the others within 100 ms. */
@Injectable()
export class ExchangeBudgets implements BeforeApplicationShutdown {
  private readonly known = new Map<string, Budget>();
  /** Exchanges of which something is known here that could not be written; ends the wait for the next try. */
  private readonly unwritten = new Map<string, () => void>();
  private readonly wroteAt = new Map<string, number>();
  /** Until all that was heard of an exchange is written, or has failed to be. */
  private readonly writing = new Map<string, Promise<unknown>>();
  private reading: Promise<void> | undefined;
  private readAt = -Infinity;
  private stopped = false;

  constructor(
    @Inject(BudgetStore) private readonly store: BudgetStore,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {}

  /** Why this exchange must not be asked now; null when it may be. @throws when the database was never readable */
  async hold(exchange: string, urgent: boolean): Promise<Hold | null> {
    await this.refresh();
    return holdOf(this.of(exchange), urgent, this.clock.now());
  }

  of(exchange: string): Budget {
    return this.known.get(exchange) ?? FRESH_BUDGET;
  }

  async all(): Promise<ReadonlyMap<string, Budget>> {
    await this.refresh();
    return this.known;
  }

  /**
   * The exchange has asked to be left alone. Holds at once in this process, and by the end of `written` in all others, those
   * that are started later included.
   */
  refused(exchange: string, refusal: Refusal): void {
    const now = this.clock.now();
    const before = this.of(exchange);
    const after = afterRefusal(before, refusal, now);
    if (before.blockedUntil <= now || after.reason !== before.reason) {
      const { reason, blockedUntil, strikes } = after;
      this.log.warn('exchange.blocked', {
        exchange,
        reason,
        forMs: blockedUntil - now,
        blockedUntil,
        strikes,
      });
    }
    if (after.blockedUntil === before.blockedUntil) return;
    this.known.set(exchange, after);
    this.write(exchange, (budget) => afterRefusal(budget, refusal, now), 'live');
  }

  /** The exchange has said how much of its quota is used up. */
  used(exchange: string, quota: ServedQuota): void {
    const now = this.clock.now();
    const before = this.of(exchange);
    const after = afterAnswer(before, quota, now);
    if (after === before) return;
    this.known.set(exchange, after);
    if (shareUsed(after, now) < NOTED_SHARE || !this.mayWrite(exchange)) return;
    this.write(exchange, (budget) => afterAnswer(budget, quota, now), 'locks');
  }

  /** Resolves when what was heard of this exchange is on disk, or could not be written: then it is tried again. */
  async written(exchange: string): Promise<void> {
    await this.writing.get(exchange);
  }

  /** What was heard is on disk before the database is closed. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    for (const cancel of this.unwritten.values()) cancel();
    await Promise.all(this.writing.values());
  }

  private async refresh(): Promise<void> {
    if (this.clock.monotonic() - this.readAt < FRESH_MS) return;
    await (this.reading ??= this.read().finally(() => (this.reading = undefined)));
  }

  private async read(): Promise<void> {
    try {
      for (const [exchange, budget] of await this.store.all()) this.learn(exchange, budget);
      this.readAt = this.clock.monotonic();
    } catch (error) {
      // What is known goes on to hold; but nobody begins without having looked.
      if (this.readAt === -Infinity) throw error;
    }
  }

  private learn(exchange: string, budget: Budget): void {
    this.known.set(exchange, mergeBudgets(this.of(exchange), budget));
  }

  private mayWrite(exchange: string): boolean {
    return this.clock.monotonic() - (this.wroteAt.get(exchange) ?? -Infinity) >= WRITE_EVERY_MS;
  }

  /** @param change what was heard just now does to what stands there; of what was heard before nothing is lost */
  private write(exchange: string, change: (budget: Budget) => Budget, lane: Lane): void {
    this.wroteAt.set(exchange, this.clock.monotonic());
    const merged = (row: Budget) => mergeBudgets(change(row), this.of(exchange));
    const written = this.store.update(exchange, merged, this.clock.now(), lane).then(
      (budget) => {
        this.unwritten.get(exchange)?.();
        this.unwritten.delete(exchange);
        this.learn(exchange, budget);
      },
      (error: unknown) => {
        if (!this.unwritten.has(exchange)) this.log.warn('exchange.budget.unwritten', { exchange, error });
        this.unwritten.get(exchange)?.();
        if (this.stopped) return;
        const again = () => this.write(exchange, (row) => row, 'live');
        this.unwritten.set(exchange, this.clock.after(WRITE_EVERY_MS, again));
      },
    );
    this.writing.set(exchange, Promise.all([this.writing.get(exchange), written]));
  }
}
