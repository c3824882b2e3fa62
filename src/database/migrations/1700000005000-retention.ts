import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Up to where the candles of a series have been removed again. */
export class CryptoFlowRetention1700000005000 implements MigrationInterface {
  readonly name = 'CryptoFlowRetention1700000005000';

  async up(runner: QueryRunner): Promise<void> {
    // Open times before it are gone, what coverage says of them stays; NULL where nothing has been removed.
    await runner.query('ALTER TABLE series ADD COLUMN pruned_to INTEGER');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE series DROP COLUMN pruned_to');
  }
}
