import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often holes were asked for, how far each series has been settled, and how often its candles were revised. */
export class CryptoFlowLedger1700000001000 implements MigrationInterface {
  readonly name = 'CryptoFlowLedger1700000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE coverage ADD COLUMN asked INTEGER NOT NULL DEFAULT 1');
    await runner.query('ALTER TABLE coverage ADD COLUMN asked_at INTEGER NOT NULL DEFAULT 0');
    await runner.query(`UPDATE coverage SET asked = 0 WHERE state NOT IN ('missing', 'empty')`);
    // What opened before it has been settled; NULL until something has.
    await runner.query('ALTER TABLE series ADD COLUMN settled_to INTEGER');
    // Where the history that is wanted begins; NULL until backfill has said so.
    await runner.query('ALTER TABLE series ADD COLUMN history_from INTEGER');
    await runner.query('ALTER TABLE series ADD COLUMN revisions INTEGER NOT NULL DEFAULT 0');
    await runner.query(
      `UPDATE series SET revisions = (SELECT count(*) FROM candle_revision WHERE series_id = series.id)`,
    );
    await runner.query('CREATE INDEX candle_revision_newest ON candle_revision (series_id, revised_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX candle_revision_newest');
    for (const column of ['revisions', 'history_from', 'settled_to']) {
      await runner.query(`ALTER TABLE series DROP COLUMN ${column}`);
    }
    for (const column of ['asked_at', 'asked'])
      await runner.query(`ALTER TABLE coverage DROP COLUMN ${column}`);
  }
}
