import { expect, it } from 'vitest';
import { CollectorJobs } from '../../../src/collector/collector.jobs.js';
import type { CollectorService } from '../../../src/collector/collector.service.js';
import type { SeriesWorker } from '../../../src/collector/series-worker.js';
import { SkippedSlots } from '../../../src/locks/skipped-slots.js';
import { ManualClock } from '../../support/fixtures/manual-clock.js';
import { RecordingLog } from '../../support/fixtures/recording-log.js';

const NOON = Date.UTC(2024, 0, 1, 12);
const MINUTE = 60_000;

/** The schedule of a process with one worker, whose ticks come when the test says so. */
function openJobs() {
  const clock = new ManualClock(NOON);
  const asked: string[] = [];
  const note = (job: string) => () => void asked.push(job);
  const worker: Partial<SeriesWorker> = {
    requestSync: note('sync'),
    requestBackfill: note('backfill'),
    requestRepair: note('repair'),
    requestSettlement: note('settlement'),
    requestForming: () => undefined,
  };
  const collector: Pick<CollectorService, 'forEachWorker'> = {
    forEachWorker: (ask) => ask(worker as SeriesWorker),
  };
  const log = new RecordingLog();
  const skipped = new SkippedSlots(log);
  const jobs = new CollectorJobs(collector as CollectorService, skipped, clock);
  /** The interval's ticks come, those of the other jobs do not. */
  const pass = (ms: number) => {
    for (const end = clock.now() + ms; clock.now() < end; jobs.forming()) clock.advance(4000);
  };
  return { clock, jobs, asked, skipped, log, pass };
}

it('a tick that was skipped is caught up with once, and counted, whatever the job', () => {
  const { asked, skipped, log, pass } = openJobs();
  expect([...skipped.counts.values()]).toEqual([0, 0, 0, 0]);
  pass(59_000);
  expect(asked).toEqual(['sync', 'backfill', 'repair']);
  pass(9 * MINUTE);
  expect(Object.fromEntries(skipped.counts)).toEqual({ sync: 10, backfill: 1, repair: 2, settlement: 1 });
  for (const [job, count] of skipped.counts) {
    expect(asked.filter((name) => name === job)).toHaveLength(count);
  }
  const settlement = log.named('job.slot.skipped').filter(({ job }) => job === 'settlement');
  expect(settlement).toEqual([{ job: 'settlement', slot: NOON + 4 * MINUTE + 15_000 }]);
});

it('of the ticks that passed while the process stood still each job is asked for once', () => {
  const { clock, jobs, asked, skipped } = openJobs();
  clock.advance(3 * 60 * MINUTE);
  jobs.forming();
  jobs.forming();
  expect(asked.toSorted()).toEqual(['backfill', 'repair', 'settlement', 'sync']);
  expect([...skipped.counts.values()]).toEqual([1, 1, 1, 1]);
});

it('a tick that comes is not caught up with', () => {
  const { clock, jobs, asked, skipped, pass } = openJobs();
  clock.advance(2000);
  jobs.sync();
  pass(40_000);
  expect(asked.filter((job) => job === 'sync')).toHaveLength(1);
  expect(skipped.counts.get('sync')).toBe(0);
});
