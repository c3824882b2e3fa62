import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openTimeAt } from '../../src/common/interval.js';
import { checkHistory } from '../support/fault/check-history.js';
import { Fleet } from '../support/fault/fleet.js';
import type { History } from '../support/fault/history.js';
import { NO_LINUX, spin } from '../support/fault/proc.js';
import { Random } from '../support/fault/random.js';
import { readHistory } from '../support/fault/read-history.js';
import { expectCovered, expectWhole } from '../support/fault/whole-candles.js';
import type { WorkerProcess } from '../support/fault/worker-process.js';
import { MINUTE, queryFile } from '../support/service-data.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const DAY = 1440 * MINUTE;
const HOUR = 60 * MINUTE;
const KILLS = 8;
/** Into a transaction of some milliseconds. */
const DEEPEST_MS = 6;
const KEPT_DAYS = 2;

/** Waits for retention to be inside a transaction, and freezes it there. @returns whether it still was */
async function freezePruning(fleet: Fleet, pruner: WorkerProcess, intoMs: number): Promise<boolean> {
  await fleet.until('retention to write', () => fleet.writing() === pruner);
  spin(intoMs);
  pruner.freeze();
  return fleet.writing() === pruner;
}

/** What was written of one series. */
function ofSeries(history: History, series: number): History {
  const isOwn = (row: { series: number }) => row.series === series;
  const journal = history.journal.filter(({ written }) => written?.series === series);
  const batches = new Set(journal.map(({ batch }) => batch));
  return {
    journal,
    acknowledged: history.acknowledged.filter(({ batch }) => batches.has(batch)),
    candles: history.candles.filter(isOwn),
    coverage: history.coverage.filter(isOwn),
    runs: [],
  };
}

/** Every minute that was committed, whatever has become of it. */
function committed({ journal }: History): number[] {
  return journal.flatMap(({ written }) =>
    written ? Array.from({ length: written.candles }, (_, index) => written.from + index * MINUTE) : [],
  );
}

it.skipIf(NO_LINUX)(
  'retention beside a backfill at full speed, killed inside its transactions, takes nothing that is kept, and goes on',
  async () => {
    const random = Random.forTest('retention');
    const file = join(temporaryDirectory(), 'retention.db');
    const origin = openTimeAt('1d', Date.now() - 2000 * DAY);
    const fleet = new Fleet(
      { file, leases: 2, rows: [500, 1000], runs: 0, origin },
      { CRYPTOFLOW_RETENTION: `fault:S1/USD@1m=${KEPT_DAYS}d`, CRYPTOFLOW_LEASE_TTL: '9s' },
    );
    onTestFinished(() => fleet.destroy());
    fleet.start();
    const script = 'test/support/fault/pruning-process.mjs';
    let inside = 0;
    // A machine may be so slow, or so quick, that few hit: then there are more.
    const isEnough = (kills: number) => kills >= KILLS && (inside >= KILLS / 4 || kills >= 5 * KILLS);
    for (let kill = 0; !isEnough(kill); kill += 1) {
      const pruner = fleet.start({ script });
      await fleet.until('both to be ready', () => fleet.ready.length === 2);
      // Some batches, and now and then a whole run, before it is killed.
      if (kill % 2 === 0) await fleet.until('a run', () => pruner.reports.some(({ pruned }) => pruned));
      if (await freezePruning(fleet, pruner, random.next() * DEEPEST_MS)) inside += 1;
      await fleet.kill(pruner);
      // Candles and coverage of one moment, with the backfill going on.
      await expectCovered(file);
    }
    const acknowledged = fleet.acknowledged.length;
    await fleet.progress(20);
    await fleet.stop();

    const last = fleet.start({ script });
    await fleet.until('a run without anything to do', () =>
      last.reports.some(({ pruned }) => pruned?.rows === 0),
    );
    await fleet.stop();
    expect(fleet.complaints).toEqual([]);
    expect(inside).toBeGreaterThanOrEqual(KILLS / 4);
    expect(acknowledged).toBeGreaterThan(KILLS);

    const history = await readHistory(file, fleet.acknowledged);
    const series = await queryFile<{ id: number; symbol: string }>(file, 'SELECT id, symbol FROM series');
    const idOf = (symbol: string) => series.find((one) => one.symbol === symbol)!.id;
    // Of the series that no rule names nothing is gone.
    const untouched = ofSeries(history, idOf('S2/USD'));
    expect(checkHistory(untouched)).toEqual([]);
    expect(untouched.journal.length).toBeGreaterThan(KILLS);

    // Of the other one exactly what is older than both the rule and its own last day.
    const id = idOf('S1/USD');
    const minutes = committed(ofSeries(history, id));
    const newest = Math.max(...minutes.slice(-1000));
    const before = openTimeAt('1d', Math.min(Date.now() - KEPT_DAYS * DAY, newest - DAY));
    const stored = await queryFile<{ openTime: number }>(
      file,
      `SELECT open_time AS openTime FROM candle WHERE series_id = ${id} ORDER BY open_time`,
    );
    expect(stored.map(({ openTime }) => openTime)).toEqual(minutes.filter((openTime) => openTime >= before));
    expect(minutes.length - stored.length).toBeGreaterThan(10 * 1440);
    await expectWhole(file);
    const [{ first }] = (await queryFile(
      file,
      `SELECT min(from_time) AS first FROM coverage WHERE series_id = ${id}`,
    )) as [{ first: number }];
    expect(first).toBeGreaterThanOrEqual(before);

    // Its rollups are those of all minutes that ever were.
    const hours = new Map<number, number>();
    for (const openTime of minutes) {
      const hour = openTimeAt('1h', openTime);
      if (hour + HOUR <= newest) hours.set(hour, (hours.get(hour) ?? 0) + 1);
    }
    const rolledUp = await queryFile<{ hour: number; minutes: number }>(
      file,
      `SELECT open_time AS hour, minutes FROM rollup WHERE series_id = ${id} AND interval = '1h'
       AND open_time + ${HOUR} <= ${newest} ORDER BY open_time`,
    );
    expect(rolledUp.map(({ hour, minutes: count }) => [hour, count])).toEqual([...hours]);
    console.log(
      `${KILLS} kills, ${inside} inside a transaction of retention; ${history.journal.length} commits; ` +
        `${minutes.length} minutes of the pruned series, ${stored.length} kept`,
    );
  },
  120_000,
);
