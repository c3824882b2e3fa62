import { setTimeout as delay } from 'node:timers/promises';
import { Controller, Get, Module } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { expect, it } from 'vitest';
import { until } from '../support/fixtures/until.js';
import { backfillAtFullSpeed } from '../support/fault/full-speed-backfill.js';
import { startApp } from '../support/fault/running-app.js';
import { watchWal } from '../support/fault/wal-frames.js';

const MIB = 1024 * 1024;
const READERS = 4;
/** How often each client asks again: overlapping, they keep the WAL from starting over for several seconds. */
const ROUNDS = 2;
const STAGGER_MS = 500;

/** What a careless extension does. */
@Controller('reports')
class ReportsController {
  constructor(@InjectDataSource('reader') private readonly reader: DataSource) {}

  @Get('endless')
  endless(): Promise<unknown> {
    return this.reader.query(
      'WITH RECURSIVE n (i) AS (SELECT count(*) FROM series UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n',
    );
  }

  /** Reads a little now and then, and never ends its transaction. */
  @Get('idle')
  idle(): Promise<never> {
    return this.reader.transaction(async (manager) => {
      for (;;) {
        await manager.query('SELECT count(*) FROM series');
        await delay(100);
      }
    });
  }
}

@Module({ controllers: [ReportsController] })
class ReportsModule {}

it('a reader of ours that stays is ended with a clear error, and the WAL stays small', async () => {
  const app = await startApp(
    { CRYPTOFLOW_MARKETS: 'simulator:BTC/USDT@1m', CRYPTOFLOW_BACKFILL: '1h' },
    { imports: [ReportsModule] },
  );
  const wal = await watchWal(app.file);
  const backfill = await backfillAtFullSpeed(app.app);
  await until(() => wal.highest() > MIB);

  const ask = async (path: string) => {
    const response = await fetch(`${app.url}${path}`);
    return { status: response.status, body: (await response.json()) as object };
  };
  const clients = ['endless', 'idle', 'endless', 'idle'].map(async (report, place) => {
    await delay(place * STAGGER_MS);
    for (let round = 0; round < ROUNDS; round += 1) {
      expect(await ask(`/reports/${report}`)).toMatchObject({ status: 503, body: { code: 'READ_TOO_LONG' } });
    }
  });
  await Promise.all(clients);
  expect(wal.highest()).toBeLessThan(64 * MIB);

  // The pool is whole again: nothing is lent, and every place in it can be used at once.
  expect(app.database.readers.status).toEqual({ size: READERS, busy: 0, waiting: 0 });
  const runners = Array.from({ length: READERS }, () => app.reader.createQueryRunner());
  await Promise.all(runners.map((runner) => runner.query('SELECT count(*) FROM series')));
  for (const runner of runners) await runner.release();
  expect((await ask('/api/v1/series')).status).toBe(200);

  const stored = await backfill.stop();
  const [{ count }] = await app.reader.query<[{ count: number }]>(
    `SELECT count(*) AS count FROM candle JOIN series ON series.id = series_id WHERE exchange = 'full-speed'`,
  );
  expect(count).toBe(stored);
  expect(app.database.statistics.timeoutsTotal).toBe(0);
}, 60_000);
