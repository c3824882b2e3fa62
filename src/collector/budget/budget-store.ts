import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { ExchangeOptions } from '../../config/environment.schema.js';
import { inLane, type Lane } from '../../database/lanes.js';
import { READER, WRITER } from '../../database/names.js';
import { addressOf } from '../../exchanges/exchange-address.js';
import { EXCHANGE_OPTIONS } from '../../exchanges/exchange-options.js';
import { FRESH_BUDGET, type Budget } from './budget.js';

const SELECT = `SELECT exchange, address, blocked_until AS blockedUntil, reason, strikes, used, used_limit AS usedLimit,
  used_until AS usedUntil FROM exchange_budget`;

const UPSERT = `INSERT INTO exchange_budget
  (exchange, address, blocked_until, reason, strikes, used, used_limit, used_until, updated_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (exchange, address) DO UPDATE SET blocked_until = excluded.blocked_until, reason = excluded.reason,
    strikes = excluded.strikes, used = excluded.used, used_limit = excluded.used_limit,
    used_until = excluded.used_until, updated_at = excluded.updated_at`;

type Row = Budget & { readonly exchange: string; readonly address: string };

/** The budgets of all exchanges, one row each and address, shared by the processes that ask from the same. */
@Injectable()
export class BudgetStore {
  constructor(
    @InjectDataSource(WRITER) private readonly writer: DataSource,
    @InjectDataSource(READER) private readonly reader: DataSource,
    @Inject(EXCHANGE_OPTIONS) private readonly options: ExchangeOptions,
  ) {}

  /** Those of the addresses that this process asks from. */
  async all(): Promise<Map<string, Budget>> {
    const rows = await this.reader.query<Row[]>(SELECT);
    const own = rows.filter(({ exchange, address }) => address === this.addressFor(exchange));
    return new Map(own.map((row) => [row.exchange, budgetOf(row)]));
  }

  /**
   * Changes one row in a transaction of its own. Under no lease: what an exchange has said holds, whoever heard it.
   *
   * @param now Unix ms
   * @returns what stands there then
   */
  update(exchange: string, change: (budget: Budget) => Budget, now: number, lane: Lane): Promise<Budget> {
    const key = [exchange, this.addressFor(exchange)];
    return inLane(lane, () =>
      this.writer.transaction(async (manager) => {
        const [row] = await manager.query<Row[]>(`${SELECT} WHERE exchange = ? AND address = ?`, key);
        const budget = change(row ? budgetOf(row) : FRESH_BUDGET);
        const { blockedUntil, reason, strikes, used, usedLimit, usedUntil } = budget;
        const values = [blockedUntil, reason, strikes, used, usedLimit, usedUntil];
        await manager.query(UPSERT, [...key, ...values, now]);
        return budget;
      }),
    );
  }

  private addressFor(exchange: string): string {
    return addressOf(Object.hasOwn(this.options, exchange) ? this.options[exchange] : undefined);
  }
}

function budgetOf({ blockedUntil, reason, strikes, used, usedLimit, usedUntil }: Row): Budget {
  return { blockedUntil, reason, strikes, used, usedLimit, usedUntil };
}
