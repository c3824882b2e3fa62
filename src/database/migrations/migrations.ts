import type { MigrationInterface } from 'typeorm';
import { CryptoFlowInitial1700000000000 } from './1700000000000-initial.js';
import { CryptoFlowLedger1700000001000 } from './1700000001000-ledger.js';
import { CryptoFlowQuarantine1700000002000 } from './1700000002000-quarantine.js';
import { CryptoFlowRollup1700000003000 } from './1700000003000-rollup.js';
import { CryptoFlowExchangeBudget1700000004000 } from './1700000004000-exchange-budget.js';
import { CryptoFlowRetention1700000005000 } from './1700000005000-retention.js';
import { CryptoFlowMarkets1700000007000 } from './1700000007000-markets.js';
import { CryptoFlowGrid1700000008000 } from './1700000008000-grid.js';
import { CryptoFlowApi1700000009000 } from './1700000009000-api.js';

/** A migration class. Its name ends in the 13 digits of its timestamp, as TypeORM asks. */
export type MigrationClass = new () => MigrationInterface;

/** Ours begin with this; an extension's own migrations must not. */
export const OWN_PREFIX = 'CryptoFlow';

/** All migrations of the program itself, oldest first. */
export const MIGRATIONS: readonly MigrationClass[] = [
  CryptoFlowInitial1700000000000,
  CryptoFlowLedger1700000001000,
  CryptoFlowQuarantine1700000002000,
  CryptoFlowRollup1700000003000,
  CryptoFlowExchangeBudget1700000004000,
  CryptoFlowRetention1700000005000,
  CryptoFlowMarkets1700000007000,
  CryptoFlowGrid1700000008000,
  CryptoFlowApi1700000009000,
];
