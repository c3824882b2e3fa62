import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  // The steps that the exchange gives for prices and for amounts, as decimals; null where it gives none.
  'ALTER TABLE series ADD COLUMN tick_size TEXT',
  'ALTER TABLE series ADD COLUMN step_size TEXT',
  // Asked for through the API: collected whatever the configuration names.
  'ALTER TABLE series ADD COLUMN requested INTEGER NOT NULL DEFAULT 0',
  // How far back the API has asked for history, and when it last asked for a backfill and a repair. Unix ms.
  'ALTER TABLE series ADD COLUMN backfill_from INTEGER',
  'ALTER TABLE series ADD COLUMN backfill_asked INTEGER',
  'ALTER TABLE series ADD COLUMN repair_asked INTEGER',
  // Since when it is being removed, Unix ms; null where it is not.
  'ALTER TABLE series ADD COLUMN deleted_at INTEGER',
  // What a commit changed, in the order of the commits. Candles that open in `[from_time, to_time)` may have changed;
  // `head_time` is where what was there ended, if later ones are new; `revised` holds the open times of those that were there
  // with other figures, as a JSON array. No number is given twice, also when the rows are gone.
  `CREATE TABLE change_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    series_id INTEGER NOT NULL,
    from_time INTEGER NOT NULL,
    to_time INTEGER NOT NULL,
    head_time INTEGER,
    revised TEXT,
    changed_at INTEGER NOT NULL
  ) STRICT`,
];

const DOWN = [
  'DROP TABLE change_log',
  ...[
    'deleted_at',
    'repair_asked',
    'backfill_asked',
    'backfill_from',
    'requested',
    'step_size',
    'tick_size',
  ].map((column) => `ALTER TABLE series DROP COLUMN ${column}`),
];

/** What the API needs of the database: the log of changes, markets' steps, and what was asked for through it. */
export class CryptoFlowApi1700000009000 implements MigrationInterface {
  readonly name = 'CryptoFlowApi1700000009000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
