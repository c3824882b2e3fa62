import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CryptoFlowInitial1700000000000 } from '../../../src/database/migrations/1700000000000-initial.js';
import { CryptoFlowMarkets1700000007000 } from '../../../src/database/migrations/1700000007000-markets.js';
import { openTestDatabase } from '../../support/database.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const INSERT = 'INSERT INTO series (exchange, symbol, interval, state, created_at) VALUES (?, ?, ?, ?, 1)';

it('series learn to be delisted, with their states, their candles and what points at them as they were', async () => {
  const file = join(temporaryDirectory(), 'old.db');
  const old = await openTestDatabase({ file, migrations: [CryptoFlowInitial1700000000000] });
  await old.writer.query(INSERT, ['x', 'A/B', '1m', 'paused']);
  await old.writer.query(INSERT, ['x', 'C/D', '1m', 'active']);
  await old.writer.query(`INSERT INTO candle VALUES (1, 60000, '1', '2', '0.5', '1.5', '10')`);
  await old.writer.query(`INSERT INTO coverage VALUES (1, 60000, 120000, 'have')`);
  await expect(old.writer.query(INSERT, ['x', 'E/F', '1m', 'delisted'])).rejects.toThrow(/CHECK/);
  await old.reader.destroy();
  await old.writer.destroy();

  const migrations = [CryptoFlowInitial1700000000000, CryptoFlowMarkets1700000007000];
  const { writer, reader } = await openTestDatabase({ file, migrations });
  expect(await reader.query('SELECT id, symbol, state, listed_at, absent_since FROM series')).toEqual([
    { id: 1, symbol: 'A/B', state: 'paused', listed_at: null, absent_since: null },
    { id: 2, symbol: 'C/D', state: 'active', listed_at: null, absent_since: null },
  ]);
  expect(await reader.query('SELECT count(*) AS n FROM candle JOIN series ON id = series_id')).toEqual([
    { n: 1 },
  ]);
  await writer.query(INSERT, ['x', 'E/F', '1m', 'delisted']);
  await writer.query(
    `INSERT INTO series (exchange, symbol, interval, created_at) VALUES ('x', 'G/H', '1m', 1)`,
  );
  await expect(writer.query(INSERT, ['x', 'I/J', '1m', 'nonsense'])).rejects.toThrow(/CHECK/);
  await expect(writer.query(INSERT, ['x', 'A/B', '1m', 'active'])).rejects.toThrow(/UNIQUE/);
  await expect(writer.query('DELETE FROM series WHERE id = 1')).rejects.toThrow(/FOREIGN KEY/);
  expect(await reader.query('PRAGMA foreign_key_check')).toEqual([]);
  expect(await reader.query('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);

  const runner = writer.createQueryRunner();
  await runner.startTransaction();
  await new CryptoFlowMarkets1700000007000().down(runner);
  await runner.commitTransaction();
  await runner.release();
  expect(await reader.query('SELECT state FROM series ORDER BY id')).toEqual(
    ['paused', 'active', 'active', 'active'].map((state) => ({ state })),
  );
  await expect(writer.query(INSERT, ['x', 'I/J', '1m', 'delisted'])).rejects.toThrow(/CHECK/);
});
