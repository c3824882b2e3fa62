import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What each exchange has said of how often an address may ask it; the empty address is the own one of the machine. Times are
 * Unix milliseconds.
 */
export class CryptoFlowExchangeBudget1700000004000 implements MigrationInterface {
  readonly name = 'CryptoFlowExchangeBudget1700000004000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE exchange_budget (
      exchange TEXT NOT NULL,
      address TEXT NOT NULL,
      blocked_until INTEGER NOT NULL,
      reason TEXT,
      strikes INTEGER NOT NULL,
      used INTEGER NOT NULL,
      used_limit INTEGER NOT NULL,
      used_until INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      PRIMARY KEY (exchange, address)
    ) STRICT, WITHOUT ROWID`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE exchange_budget');
  }
}
