import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = [
  // `series_id` is the series of one-minute candles that the rollup is made of, `minutes` how many of them.
  `CREATE TABLE rollup (
    series_id INTEGER NOT NULL REFERENCES series (id),
    interval TEXT NOT NULL,
    open_time INTEGER NOT NULL,
    open TEXT NOT NULL,
    high TEXT NOT NULL,
    low TEXT NOT NULL,
    close TEXT NOT NULL,
    volume TEXT NOT NULL,
    minutes INTEGER NOT NULL CHECK (minutes > 0),
    PRIMARY KEY (series_id, interval, open_time)
  ) STRICT, WITHOUT ROWID`,

  // Series whose candles from before this migration are still to be rolled up: those that open before `before_time`.
  `CREATE TABLE rollup_build (
    series_id INTEGER PRIMARY KEY REFERENCES series (id),
    before_time INTEGER NOT NULL
  ) STRICT`,

  // What the comparison of a collected series with the rollups of the same interval has found; it goes on at `next_time`.
  `CREATE TABLE rollup_check (
    series_id INTEGER PRIMARY KEY REFERENCES series (id),
    next_time INTEGER NOT NULL,
    compared INTEGER NOT NULL,
    different INTEGER NOT NULL,
    last_difference INTEGER,
    checked_at INTEGER NOT NULL
  ) STRICT`,
];

const TO_BE_BUILT = `INSERT INTO rollup_build (series_id, before_time)
  SELECT id, newest + 60000 FROM (
    SELECT id, (SELECT max(open_time) FROM candle WHERE series_id = series.id) AS newest
    FROM series WHERE interval = '1m')
  WHERE newest IS NOT NULL`;

export class CryptoFlowRollup1700000003000 implements MigrationInterface {
  readonly name = 'CryptoFlowRollup1700000003000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(table);
    await runner.query(TO_BE_BUILT);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['rollup_check', 'rollup_build', 'rollup']) await runner.query(`DROP TABLE ${table}`);
  }
}
