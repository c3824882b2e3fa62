import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { checkHistory } from '../support/fault/check-history.js';
import { Fleet } from '../support/fault/fleet.js';
import { readHistory } from '../support/fault/read-history.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const COMMITS = 100;

it('two backfills and a sync at full speed in three processes on one file: no BUSY surfaces (gekko 1290, 664, 1043, 1320), and each goes on', async () => {
  const file = join(temporaryDirectory(), 'three.db');
  const fleet = new Fleet({ file, turns: 1_000_000 });
  onTestFinished(() => fleet.destroy());
  fleet.start({ only: 1, lane: 'backfill', rows: [400, 500] });
  fleet.start({ only: 2, lane: 'backfill', rows: [400, 500] });
  fleet.start({ only: 3, lane: 'live', rows: [1, 2], runs: 1 });
  await fleet.until('all three', () => fleet.ready.length === 3);

  const commits = () => {
    const counts = new Map(fleet.workers.map(({ number }) => [number, 0]));
    for (const { batch } of fleet.acknowledged) {
      const worker = Math.floor(batch / 1_000_000);
      counts.set(worker, counts.get(worker)! + 1);
    }
    return [...counts.values()];
  };
  // All three from one moment on, so that each has the other two against it all the time.
  const start = commits();
  await fleet.until('commits of each', () =>
    commits().every((count, index) => count >= start[index]! + COMMITS),
  );
  const { workers } = fleet;
  const end = commits();
  await fleet.stop();

  const statistics = workers.map(({ reports }) => reports.find((report) => report.statistics)!.statistics!);
  console.log(
    `commits: ${end.join(', ')}; met another: ${statistics.map(({ busy }) => busy.begin).join(', ')}`,
  );
  for (const { busy, timeouts, locks } of statistics) {
    expect({ unexpected: busy.unexpected, timeouts, lost: locks.lost }).toEqual({
      unexpected: 0,
      timeouts: 0,
      lost: 0,
    });
    // They did meet at the write lock of the file: it is waited for, and not failed by.
    expect(busy.begin).toBeGreaterThan(0);
  }
  expect(fleet.complaints).toEqual([]);
  const { quickCheck, ...history } = await readHistory(file, fleet.acknowledged);
  expect(checkHistory(history)).toEqual([]);
  expect(quickCheck).toEqual([{ quick_check: 'ok' }]);
}, 120_000);
