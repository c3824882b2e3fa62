import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What exchanges sent and is no candle; and per series how often that happened, and where its grid lies. */
const STATEMENTS = [
  `CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY,
    series_id INTEGER NOT NULL REFERENCES series (id),
    open_time INTEGER,
    reason TEXT NOT NULL,
    payload TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    times INTEGER NOT NULL,
    UNIQUE (series_id, reason, payload)
  ) STRICT`,
  `CREATE INDEX quarantine_by_series ON quarantine (series_id, id)`,
  `ALTER TABLE series ADD COLUMN rejections INTEGER NOT NULL DEFAULT 0`,
  `ALTER TABLE series ADD COLUMN anchor INTEGER NOT NULL DEFAULT 0`,
];

export class CryptoFlowQuarantine1700000002000 implements MigrationInterface {
  readonly name = 'CryptoFlowQuarantine1700000002000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE series DROP COLUMN anchor');
    await runner.query('ALTER TABLE series DROP COLUMN rejections');
    await runner.query('DROP TABLE quarantine');
  }
}
