import type { MigrationInterface, QueryRunner } from 'typeorm';

// The check on a column goes with the column. So a new one takes its place, and no table that points at `series` is
// touched: to make the table anew would check, and so read, every candle.
function withStates(states: string): string[] {
  return [
    `ALTER TABLE series ADD COLUMN new_state TEXT NOT NULL DEFAULT 'active' CHECK (new_state IN (${states}))`,
    'UPDATE series SET new_state = state',
    'ALTER TABLE series DROP COLUMN state',
    'ALTER TABLE series RENAME COLUMN new_state TO state',
  ];
}

const UP = [
  ...withStates(`'active', 'paused', 'delisted'`),
  // Open time of the oldest candle that the exchange has, once it has been looked for.
  'ALTER TABLE series ADD COLUMN listed_at INTEGER',
  // Since when the market is not in the list of its exchange, or not active there.
  'ALTER TABLE series ADD COLUMN absent_since INTEGER',
  `CREATE TABLE market_list (
    exchange TEXT PRIMARY KEY,
    checked_at INTEGER NOT NULL,
    markets INTEGER NOT NULL,
    short_since INTEGER,
    selectors TEXT NOT NULL
  ) STRICT, WITHOUT ROWID`,
];

const DOWN = [
  'DROP TABLE market_list',
  'ALTER TABLE series DROP COLUMN absent_since',
  'ALTER TABLE series DROP COLUMN listed_at',
  `UPDATE series SET state = 'active' WHERE state = 'delisted'`,
  ...withStates(`'active', 'paused'`),
];

/** Markets that come and go: the state `delisted`, the listing date, and what the last list of an exchange held. */
export class CryptoFlowMarkets1700000007000 implements MigrationInterface {
  readonly name = 'CryptoFlowMarkets1700000007000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
