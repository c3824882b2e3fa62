import { Injectable, Module } from '@nestjs/common';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SystemClock } from '../../../src/common/clock.js';
import { claimRun, finishRun } from '../../../src/locks/job-runs.js';
import { JobGuard, type JobContext } from '../../../src/locks/job-guard.js';
import { GuardedCron } from '../../../src/locks/guarded-cron.decorator.js';
import { gate, until } from '../../support/fixtures/until.js';
import { openTestLocks, type TestLocks } from '../../support/locks.js';

const SLOT = Date.UTC(2024, 0, 1);

async function runs({ reader }: TestLocks): Promise<unknown[]> {
  return reader.query('SELECT name, slot, fence, outcome FROM job_run ORDER BY name, slot');
}

function guardOf({ locks, log }: TestLocks): JobGuard {
  return new JobGuard(locks, new SystemClock(), log);
}

describe('a guarded job', () => {
  it('runs once per fire time among two processes, whoever asks', async () => {
    const one = await openTestLocks();
    const two = await openTestLocks({ file: one.file });
    const ran: string[] = [];
    const job = (who: string) => () => Promise.resolve(void ran.push(who));
    expect(await guardOf(one).run('report', SLOT, job('one'))).toBe(true);
    expect(await guardOf(two).run('report', SLOT, job('two'))).toBe(false);
    expect(await guardOf(two).run('report', SLOT + 1000, job('two'))).toBe(true);
    expect(ran).toEqual(['one', 'two']);
    expect(await runs(one)).toEqual([
      { name: 'report', slot: SLOT, fence: 1, outcome: 'ok' },
      { name: 'report', slot: SLOT + 1000, fence: 3, outcome: 'ok' },
    ]);
  });

  it('is passed over while another process runs it', async () => {
    const one = await openTestLocks();
    const two = await openTestLocks({ file: one.file });
    const [started, finish] = [gate(), gate()];
    const running = guardOf(one).run('report', SLOT, async () => {
      started.open();
      await finish.opened;
    });
    await started.opened;
    expect(await guardOf(two).run('report', SLOT, () => Promise.reject(new Error('ran twice')))).toBe(false);
    finish.open();
    expect(await running).toBe(true);
  });

  it('writes down the code of its error, and frees its lease', async () => {
    const test = await openTestLocks();
    await guardOf(test).run('report', SLOT, () =>
      Promise.reject(Object.assign(new Error('no'), { code: 'E_NO' })),
    );
    expect(await runs(test)).toMatchObject([{ outcome: 'E_NO' }]);
    expect(await test.store.find('job:report')).toMatchObject({ held: false });
  });

  it('commits nothing after it has lost its lease', async () => {
    const test = await openTestLocks();
    await guardOf(test).run('report', SLOT, async ({ transaction }) => {
      await test.writer.query(`UPDATE job_lock SET fence = fence + 1, holder = 'thief'`);
      await transaction((manager) => manager.query('DELETE FROM job_run'));
    });
    expect(await runs(test)).toEqual([{ name: 'report', slot: SLOT, fence: 1, outcome: null }]);
  });
});

describe('the claim of a run', () => {
  it('is given again under a higher fence when the run never ended or was interrupted, and else never', async () => {
    const { locks, writer } = await openTestLocks();
    const claim = async (end?: string) => {
      const lease = await locks.acquire('job');
      const won = await writer.transaction((manager) => claimRun(manager, lease!, 'job', SLOT));
      const again = await writer.transaction((manager) => claimRun(manager, lease!, 'job', SLOT));
      expect(again).toBe(false);
      if (end) await writer.transaction((manager) => finishRun(manager, lease!, 'job', SLOT, end));
      await locks.release(lease!);
      return won;
    };
    expect(await claim()).toBe(true); // and dies
    expect(await claim('interrupted')).toBe(true);
    expect(await claim('ok')).toBe(true);
    expect(await claim()).toBe(false);
  });
});

describe('@GuardedCron', () => {
  it('makes a scheduled job of one line in any class that imports the module of the guard', async () => {
    const test = await openTestLocks();
    const contexts: JobContext[] = [];

    @Injectable()
    class Reports {
      readonly title = 'daily';

      @GuardedCron('0 0 6 * * *', 'daily-report')
      async daily(context: JobContext): Promise<void> {
        expect(this.title).toBe('daily');
        contexts.push(context);
        await Promise.resolve();
      }
    }

    @Module({ providers: [{ provide: JobGuard, useValue: guardOf(test) }, Reports] })
    class ReportsModule {}

    const app = await Test.createTestingModule({
      imports: [ScheduleModule.forRoot(), ReportsModule],
    }).compile();
    await app.init();
    onTestFinished(() => app.close());
    const job = app.get(SchedulerRegistry).getCronJob('daily-report');
    expect(job.cronTime.source).toBe('0 0 6 * * *');

    void job.fireOnTick();
    await until(async () => (await runs(test)).some((run) => (run as { outcome: unknown }).outcome === 'ok'));
    expect(contexts).toHaveLength(1);
    expect(contexts[0]!.slot % 1000).toBe(0);
    expect(await runs(test)).toMatchObject([
      { name: 'daily-report', slot: contexts[0]!.slot, outcome: 'ok' },
    ]);
  });
});
