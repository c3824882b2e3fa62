import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { checkHistory } from '../support/fault/check-history.js';
import { buildClockShift } from '../support/fault/clock-shift.js';
import { Fleet } from '../support/fault/fleet.js';
import { readHistory } from '../support/fault/read-history.js';
import { queryFile } from '../support/service-data.js';
import { eventually, ServiceProcess } from '../support/service-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const HOUR_S = 3600;
const TTL_MS = 3000;
const CRYPTOFLOW_LEASE_TTL = `${TTL_MS}ms`;

const leasesIn = (file: string) =>
  queryFile<{ name: string; holder: string; fence: number }>(
    file,
    `SELECT name, holder, fence FROM job_lock WHERE name NOT LIKE 'markets:%' ORDER BY name`,
  );

describe('beside a service whose clock is right', () => {
  let right: ServiceProcess;

  beforeAll(async () => {
    right = await ServiceProcess.start({ environment: { CRYPTOFLOW_LEASE_TTL } });
    await eventually('its leases', async () => (await leasesIn(right.database)).length === 5);
  });

  it.for([
    { off: 'ahead', seconds: HOUR_S },
    { off: 'behind', seconds: -HOUR_S },
  ])(
    'a service whose clock is an hour $off takes no lease, and its health shows the skew',
    { timeout: 60_000 },
    async ({ seconds }, { skip }) => {
      const shift = buildClockShift(temporaryDirectory(), skip);
      const { database, directory } = right;
      const leases = await leasesIn(database);

      const environment = { CRYPTOFLOW_LEASE_TTL, ...shift(seconds) };
      const wrong = await ServiceProcess.start({ directory, environment });
      const { locks, status } = await wrong.poll('/api/health', ({ body }) => {
        return Math.abs(body.details.locks.clockSkewMs) > TTL_MS && { ...body.details, status: body.status };
      });
      expect(Math.abs(locks.clockSkewMs - seconds * 1000)).toBeLessThan(TTL_MS);
      expect([status, locks.status]).toEqual(['degraded', 'degraded']);
      await wrong.poll('/api/health', ({ body }) => body.details.locks.skewed >= 3, 'more refusals');
      const { body } = await wrong.get('/api/health');
      expect(body.details.locks).toMatchObject({ acquired: 0, lost: 0, fencedOff: 0 });
      expect(wrong.events('lock.clock_skewed')).toHaveLength(1);
      // Nothing has changed hands, and nobody took a seat whose share of the series would be left undone.
      expect(await leasesIn(database)).toEqual(leases);
      expect(right.complaints).toEqual([]);
    },
  );
});

it('workers whose clocks are an hour ahead and an hour behind commit nothing beside those that are right', async ({
  skip,
}) => {
  const directory = temporaryDirectory();
  const shift = buildClockShift(directory, skip);
  const file = join(directory, 'clock.db');
  const fleet = new Fleet({ file, pauseMs: 10, turns: 1_000_000 }, { CRYPTOFLOW_LEASE_TTL });
  onTestFinished(() => fleet.destroy());
  const right = fleet.start();
  await fleet.until('the leases', () => right.held.size === 3);
  const wrong = [HOUR_S, -HOUR_S].map((seconds) => fleet.start({}, shift(seconds)));
  await fleet.until('the wrong clocks to be noticed', () =>
    wrong.every(({ reports }) => reports.some(({ complaint }) => complaint?.event === 'lock.clock_skewed')),
  );
  // A holder that dies leaves its leases to those whose clocks are right, and to nobody else.
  const next = fleet.start();
  await fleet.until('the next holder', () => next.isReady);
  await fleet.kill(right);
  await fleet.until('the takeover', () => fleet.awaited === 0 && next.held.size === 3);
  await fleet.progress(20);
  await fleet.stop();

  for (const { reports } of wrong) {
    expect(reports.filter(({ acquired }) => acquired)).toEqual([]);
    expect(reports.find(({ statistics }) => statistics)).toMatchObject({ statistics: { timeouts: 0 } });
  }
  const { quickCheck, ...history } = await readHistory(file, fleet.acknowledged);
  expect(checkHistory(history)).toEqual([]);
  expect(quickCheck).toEqual([{ quick_check: 'ok' }]);
}, 60_000);
