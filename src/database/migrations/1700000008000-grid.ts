import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when the grid of a series is believed, Unix ms, until that is proven: null from then on, as for all that were there. */
export class CryptoFlowGrid1700000008000 implements MigrationInterface {
  readonly name = 'CryptoFlowGrid1700000008000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE series ADD COLUMN grid_since INTEGER');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE series DROP COLUMN grid_since');
  }
}
