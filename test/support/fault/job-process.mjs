// Runs guarded jobs in a process of its own. Each line of JSON on standard input is a run of the job `report` through
// JobGuard: { slot, hang }. With a third argument, a cron expression, the class below is scheduled as well, with what
// catches up. Arguments: the database file, the number of this process, the expression.
import { createInterface } from 'node:readline';
import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { GuardedCron } from '../../../dist/locks/guarded-cron.decorator.js';
import { JobGuard } from '../../../dist/locks/job-guard.js';
import { LocksModule } from '../../../dist/locks/locks.module.js';
import { compose, journal, report } from './composition.mjs';

const JOB = 'report';
const [file, number, expression] = process.argv.slice(2);
let batches = 0;

/** Its one effect is a row in the journal. */
async function effect(job, { slot, transaction }, lease) {
  const batch = Number(number) * 1_000_000 + (batches += 1);
  await transaction((manager) => journal(manager, lease(), batch, { job, slot }));
  report({ effect: { job, slot, batch } });
}

const imports = [];
let worker;
const leaseOf = (job) => () => worker.locks.leases.find(({ name }) => name === `job:${job}`);

if (expression) {
  class Reports {
    daily(context) {
      return effect(JOB, context, leaseOf(JOB));
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(Reports.prototype, 'daily');
  GuardedCron(expression, JOB)(Reports.prototype, 'daily', descriptor);
  Object.defineProperty(Reports.prototype, 'daily', descriptor);
  class ReportsModule {}
  Module({ imports: [ScheduleModule.forRoot(), LocksModule], providers: [Reports] })(ReportsModule);
  imports.push(ReportsModule);
}

worker = await compose({ file, imports });
const guard = worker.get(JobGuard);
report({ ready: { holder: worker.locks.holder } });
for await (const line of createInterface({ input: process.stdin })) {
  const { slot, hang } = JSON.parse(line);
  const ran = await guard.run(JOB, slot, async (context) => {
    report({ running: { slot, fence: leaseOf(JOB)().fence } });
    if (hang) await new Promise((resolve) => setTimeout(resolve, 3_600_000));
    await effect(JOB, context, leaseOf(JOB));
  });
  report({ ran });
}
