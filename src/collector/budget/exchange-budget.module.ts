import { Module } from '@nestjs/common';
import { ExchangeGuard } from '../../exchanges/exchange-guard.js';
import { BudgetStore } from './budget-store.js';
import { ExchangeBudgets } from './exchange-budgets.js';
import { ExchangeGuards } from './exchange-guards.js';

/** The guard before the exchanges: import it into `ExchangesModule.forRoot()`. Needs the DataSources. */
@Module({
  providers: [
    BudgetStore,
    ExchangeBudgets,
    ExchangeGuards,
    { provide: ExchangeGuard, useExisting: ExchangeGuards },
  ],
  exports: [ExchangeGuard, ExchangeGuards],
})
export class ExchangeBudgetModule {}
