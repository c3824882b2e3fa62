import { Injectable, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { getDataSourceToken } from '@nestjs/typeorm';
import { expect, it, onTestFinished } from 'vitest';
import { Clock } from '../../../src/common/clock.js';
import { READER } from '../../../src/database/names.js';
import { GuardedCron } from '../../../src/locks/guarded-cron.decorator.js';
import { JobGuard, type JobContext } from '../../../src/locks/job-guard.js';
import { SkippedSlots } from '../../../src/locks/skipped-slots.js';
import { SlotKeeper } from '../../../src/locks/slot-keeper.js';
import { ManualClock } from '../../support/fixtures/manual-clock.js';
import { until } from '../../support/fixtures/until.js';
import { openTestLocks, type TestLocks } from '../../support/locks.js';

const SIX = Date.UTC(2024, 0, 2, 6);
const DAY = 86_400_000;

/** A process with a daily job at six, at a time of its own. */
async function startProcess(test: TestLocks, now: number) {
  const clock = new ManualClock(now);
  const slots: number[] = [];

  @Injectable()
  class Reports {
    @GuardedCron('0 0 6 * * *', 'daily')
    async daily({ slot }: JobContext): Promise<void> {
      slots.push(slot);
      await Promise.resolve();
    }
  }

  const skipped = new SkippedSlots(test.log);
  @Module({
    imports: [ScheduleModule.forRoot({ cronJobs: false }), DiscoveryModule],
    providers: [
      { provide: JobGuard, useValue: new JobGuard(test.locks, clock, test.log) },
      { provide: Clock, useValue: clock },
      { provide: getDataSourceToken(READER), useValue: test.reader },
      { provide: SkippedSlots, useValue: skipped },
      SlotKeeper,
      Reports,
    ],
  })
  class ProcessModule {}

  const app = await Test.createTestingModule({ imports: [ProcessModule] }).compile();
  await app.init();
  onTestFinished(() => app.close());
  const runs = () => test.reader.query('SELECT slot, outcome FROM job_run ORDER BY slot');
  return { clock, slots, runs, reports: app.get(Reports) };
}

it('catches up once, for the latest of the fire times that fell into a restart', async () => {
  const test = await openTestLocks();
  const before = await startProcess(test, SIX + 10);
  await (before.reports.daily as unknown as () => Promise<void>)();
  expect(before.slots).toEqual([SIX]);

  const after = await startProcess(test, SIX + 3 * DAY + 60_000);
  await until(async () => (await after.runs()).length === 2);
  expect(after.slots).toEqual([SIX + 3 * DAY]);
  await until(() => test.log.named('job.slot.skipped').length > 0);
  expect(test.log.named('job.slot.skipped')).toEqual([{ job: 'daily', slot: SIX + 3 * DAY }]);
  await until(async () =>
    (await after.runs()).every(({ outcome }: { outcome: unknown }) => outcome === 'ok'),
  );
  after.clock.advance(60_000);
  expect(await after.runs()).toHaveLength(2);
});

it('notices a tick that was skipped while the process ran, but not one that may be on its way', async () => {
  const test = await openTestLocks();
  const running = await startProcess(test, SIX - DAY + 10);
  await (running.reports.daily as unknown as () => Promise<void>)();
  running.clock.advance(DAY - 10 + 4000); // a look in every minute, the last of them before six
  expect(running.slots).toEqual([SIX - DAY]);
  await until(() => {
    running.clock.advance(60_000);
    return running.slots.length === 2;
  });
  expect(running.slots).toEqual([SIX - DAY, SIX]);
});

it('makes up for nothing in a database where the job never ran', async () => {
  const test = await openTestLocks();
  const first = await startProcess(test, SIX + 60_000);
  first.clock.advance(120_000);
  // Had it been made up for, its slot would be taken now.
  await (first.reports.daily as unknown as () => Promise<void>)();
  expect(first.slots).toEqual([SIX]);
  expect(test.log.named('job.slot.skipped')).toEqual([]);
});
