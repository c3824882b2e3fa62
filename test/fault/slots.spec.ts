import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until } from '../support/fixtures/until.js';
import { JobProcess } from '../support/fault/job-process.js';
import { queryFile } from '../support/service-data.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const DAY = 86_400_000;

const runsIn = (file: string) =>
  queryFile(file, `SELECT slot, fence, outcome FROM job_run WHERE name = 'report' ORDER BY slot`);
const effectsIn = (file: string) =>
  queryFile(file, 'SELECT slot, fence FROM fault_journal ORDER BY position');

it('a slot whose holder was killed is run again under a higher fence, once, whoever asks', async () => {
  const file = join(temporaryDirectory(), 'slots.db');
  const first = new JobProcess(file, 1);
  await first.said(({ ready }) => ready);
  const others = [new JobProcess(file, 2), new JobProcess(file, 3)];
  await Promise.all(others.map((other) => other.said(({ ready }) => ready)));
  const slot = Date.UTC(2026, 0, 1);

  first.start({ slot, hang: true });
  expect(await first.said(({ running }) => running)).toEqual({ slot, fence: 1 });
  // While it is alive the slot is its own.
  expect(await others[0]!.run(slot)).toBe(false);
  expect(await runsIn(file)).toEqual([{ slot, fence: 1, outcome: null }]);

  await first.kill();
  const ran = await Promise.all(others.map((other) => other.run(slot)));
  // Both ask at one moment: one runs it; the other finds it taken, or done.
  expect(ran.filter(Boolean)).toHaveLength(1);
  const [run] = await runsIn(file);
  expect(run).toMatchObject({ slot, outcome: 'ok' });
  expect(run!['fence']).toBeGreaterThan(1);
  expect(await Promise.all(others.map((other) => other.run(slot)))).toEqual([false, false]);
  expect(await effectsIn(file)).toEqual([{ slot, fence: run!['fence'] }]);
});

it('a tick that fell into a restart is caught up with once, by whichever of two processes comes first', async () => {
  const file = join(temporaryDirectory(), 'restart.db');
  // A daily job whose fire time today passed ten seconds ago, when nobody was there.
  const due = Math.floor((Date.now() - 10_000) / 1000) * 1000;
  const at = new Date(due);
  const expression = `${at.getUTCSeconds()} ${at.getUTCMinutes()} ${at.getUTCHours()} * * *`;
  const before = new JobProcess(file, 1);
  await before.said(({ ready }) => ready);
  expect(await before.run(due - DAY)).toBe(true);
  await before.kill();

  const after = [new JobProcess(file, 2, expression), new JobProcess(file, 3, expression)];
  await Promise.all(after.map((process) => process.said(({ ready }) => ready)));
  await until(async () => (await runsIn(file)).filter(({ outcome }) => outcome === 'ok').length === 2);
  // Had the other process missed it too, and begun it once more, it would be in the journal twice.
  expect(await Promise.all(after.map((process) => process.run(due)))).toEqual([false, false]);
  expect((await runsIn(file)).map(({ slot }) => slot)).toEqual([due - DAY, due]);
  expect((await effectsIn(file)).map(({ slot }) => slot)).toEqual([due - DAY, due]);
  const skipped = after.flatMap(({ reports }) =>
    reports.filter(({ complaint }) => complaint?.event === 'job.slot.skipped'),
  );
  expect(skipped[0]).toMatchObject({ complaint: { job: 'report', slot: due } });
});
