import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CryptoFlowInitial1700000000000 } from '../../../src/database/migrations/1700000000000-initial.js';
import { CryptoFlowLedger1700000001000 } from '../../../src/database/migrations/1700000001000-ledger.js';
import { openTestDatabase } from '../../support/database.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

describe('a database from before the ledger', () => {
  it('keeps its coverage: holes are due at once, and revisions are counted', async () => {
    const file = join(temporaryDirectory(), 'old.db');
    const old = await openTestDatabase({ file, migrations: [CryptoFlowInitial1700000000000] });
    const insert = (sql: string) => old.writer.query(sql);
    await insert(
      `INSERT INTO series (id, exchange, symbol, interval, created_at) VALUES (1, 'x', 'A/B', '1m', 5)`,
    );
    await insert(`INSERT INTO coverage VALUES (1, 0, 60000, 'have'), (1, 60000, 120000, 'missing')`);
    await insert(`INSERT INTO candle_revision VALUES (1, 0, 7, '1', '1', '1', '1', '1')`);
    await old.reader.destroy();
    await old.writer.destroy();

    const migrations = [CryptoFlowInitial1700000000000, CryptoFlowLedger1700000001000];
    const { reader, writer } = await openTestDatabase({ file, migrations });
    expect(await reader.query('SELECT state, asked, asked_at FROM coverage ORDER BY from_time')).toEqual([
      { state: 'have', asked: 0, asked_at: 0 },
      { state: 'missing', asked: 1, asked_at: 0 },
    ]);
    expect(await reader.query('SELECT revisions, settled_to, history_from FROM series')).toEqual([
      { revisions: 1, settled_to: null, history_from: null },
    ]);

    const runner = writer.createQueryRunner();
    await new CryptoFlowLedger1700000001000().down(runner);
    await runner.release();
    expect(await writer.query('SELECT * FROM coverage')).toHaveLength(2);
    expect(await writer.query(`SELECT name FROM pragma_table_info('series')`)).toHaveLength(6);
  });
});
