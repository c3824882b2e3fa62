import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Times are Unix milliseconds, UTC. Prices and volumes are canonical decimal text: exact to the last digit
 * (docs/adr/0002).
 */
const TABLES = [
  `CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    exchange TEXT NOT NULL,
    symbol TEXT NOT NULL,
    interval TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused')),
    created_at INTEGER NOT NULL,
    UNIQUE (exchange, symbol, interval)
  ) STRICT`,

  `CREATE TABLE candle (
    series_id INTEGER NOT NULL REFERENCES series (id),
    open_time INTEGER NOT NULL,
    open TEXT NOT NULL,
    high TEXT NOT NULL,
    low TEXT NOT NULL,
    close TEXT NOT NULL,
    volume TEXT NOT NULL,
    PRIMARY KEY (series_id, open_time)
  ) STRICT, WITHOUT ROWID`,

  `CREATE TABLE forming_candle (
    series_id INTEGER PRIMARY KEY REFERENCES series (id),
    open_time INTEGER NOT NULL,
    open TEXT NOT NULL,
    high TEXT NOT NULL,
    low TEXT NOT NULL,
    close TEXT NOT NULL,
    volume TEXT NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT`,

  `CREATE TABLE coverage (
    series_id INTEGER NOT NULL REFERENCES series (id),
    from_time INTEGER NOT NULL,
    to_time INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('have', 'missing', 'empty', 'unlisted', 'delisted')),
    PRIMARY KEY (series_id, from_time),
    CHECK (from_time < to_time)
  ) STRICT, WITHOUT ROWID`,

  `CREATE TABLE candle_revision (
    series_id INTEGER NOT NULL REFERENCES series (id),
    open_time INTEGER NOT NULL,
    revised_at INTEGER NOT NULL,
    open TEXT NOT NULL,
    high TEXT NOT NULL,
    low TEXT NOT NULL,
    close TEXT NOT NULL,
    volume TEXT NOT NULL,
    PRIMARY KEY (series_id, open_time, revised_at)
  ) STRICT, WITHOUT ROWID`,

  `CREATE TABLE job_lock (
    name TEXT PRIMARY KEY,
    fence INTEGER NOT NULL,
    holder TEXT NOT NULL,
    acquired_at INTEGER NOT NULL,
    renewed_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    not_before INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID`,

  `CREATE TABLE job_run (
    name TEXT NOT NULL,
    slot INTEGER NOT NULL,
    fence INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    outcome TEXT,
    PRIMARY KEY (name, slot)
  ) STRICT, WITHOUT ROWID`,
];

export class CryptoFlowInitial1700000000000 implements MigrationInterface {
  readonly name = 'CryptoFlowInitial1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [
      'job_run',
      'job_lock',
      'candle_revision',
      'coverage',
      'forming_candle',
      'candle',
      'series',
    ]) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}
