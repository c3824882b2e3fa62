import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { gate, until } from '../support/fixtures/until.js';
import type { SeriesBody } from '../support/service-data.js';
import { openForeignTransaction } from '../support/fault/foreign-transaction.js';
import { LONG_BACKFILL } from '../support/fault/long-backfill.js';
import { startApp, type RunningApp } from '../support/fault/running-app.js';

const HELD_MS = 500;
/** A read that waits for the writer would wait for ever: then the transaction ends all the same. */
const GIVE_UP_MS = 10_000;
const ATTEMPTS = 4;
const ROUNDS = 5;
const MEDIAN_MS = 50;
const PATHS = [
  '/api/v1/candles?exchange=simulator&symbol=BTC/USDT&interval=1m&limit=100',
  '/api/v1/series',
  '/api/v1/series/1/coverage',
  '/api/health/ready',
];

/** Asks for every path, again and again, one request after the other. @returns how long each took, in ms */
async function readAll(app: RunningApp): Promise<number[]> {
  const durations: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const path of PATHS) {
      const asked = performance.now();
      const response = await fetch(app.url + path);
      await response.text();
      expect(response.status, path).toBe(200);
      durations.push(performance.now() - asked);
    }
  }
  return durations;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** A write transaction of this process on the writer's own connection. */
async function holdWriter(app: RunningApp): Promise<() => Promise<void>> {
  const [begun, goOn] = [gate(), gate()];
  const holding = app.writer.transaction(async (manager) => {
    await manager.query('PRAGMA user_version = 7');
    begun.open();
    await goOn.opened;
  });
  await begun.opened;
  return async () => {
    goOn.open();
    await holding;
  };
}

async function holdInAnotherProcess(app: RunningApp): Promise<() => Promise<void>> {
  const { end } = await openForeignTransaction(app.file, 'write');
  return end;
}

it.each([
  { who: 'this process', hold: holdWriter },
  { who: 'another process', hold: holdInAnotherProcess },
])(
  'reads are answered during a backfill while $who holds a write transaction (freqtrade 6353)',
  async ({ hold }) => {
    const app = await startApp(LONG_BACKFILL);
    await until(async () => {
      const response = await fetch(`${app.url}/api/v1/series`);
      const { series } = (await response.json()) as { series: SeriesBody[] };
      return series.some(({ symbol, count }) => symbol === 'BTC/USDT' && count >= 1000);
    });

    const medians: number[] = [];
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const end = await hold(app);
      const began = performance.now();
      const reading = readAll(app);
      const answered = reading.then(() => true);
      const inTime = await Promise.race([answered, delay(GIVE_UP_MS, false)]);
      await delay(HELD_MS - (performance.now() - began));
      await end();
      medians.push(median(await reading));
      expect(inTime, 'the reads were answered while the transaction was open').toBe(true);
    }
    expect(Math.min(...medians), JSON.stringify(medians)).toBeLessThan(MEDIAN_MS);
    expect(app.database.statistics.timeoutsTotal).toBe(0);
  },
  90_000,
);
