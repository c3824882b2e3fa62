import { BudgetStore } from '../../src/collector/budget/budget-store.js';
import { ExchangeBudgets } from '../../src/collector/budget/exchange-budgets.js';
import { ExchangeGuards } from '../../src/collector/budget/exchange-guards.js';
import type { Clock } from '../../src/common/clock.js';
import type { ExchangeOptions } from '../../src/config/environment.schema.js';
import type { TestDatabase } from './database.js';
import { RecordingLog } from './fixtures/recording-log.js';

/** What one process has of the budgets and breakers. Call it again for another process on the same database. */
export function openTestGuards(
  { writer, reader, database }: TestDatabase,
  clock: Clock,
  { options = {}, log = new RecordingLog() }: { options?: ExchangeOptions; log?: RecordingLog } = {},
) {
  const budgets = new ExchangeBudgets(new BudgetStore(writer, reader, options), clock, log);
  return { log, budgets, guards: new ExchangeGuards(budgets, database, clock, log) };
}
