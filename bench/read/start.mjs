import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { row } from '../support/results.mjs';
import { median } from '../support/statistics.mjs';
import { residentMb, startService } from '../support/service.mjs';
import { workFolder } from '../support/workspace.mjs';

const IDLE_MS = 5000;

/** Start to listening, and memory when idle, beside a Node process that does nothing. @param {any} sizes */
export async function startAndIdle({ starts, timeScale }) {
  const [times, idle, emptyTimes, emptyMb] = [[], [], [], []].map((list) => /** @type {number[]} */ (list));
  for (let count = 0; count < starts; count += 1) {
    const service = await startService({ CRYPTOFLOW_BACKFILL: '1h' }, { directory: workFolder('start') });
    times?.push(service.listeningMs / 1000);
    await delay(count === 0 ? IDLE_MS * timeScale : 0);
    if (count === 0) idle?.push(service.rssMb());
    await service.stop();
    const empty = await emptyProcess();
    emptyTimes?.push(empty.seconds);
    emptyMb?.push(empty.rssMb);
  }
  return [
    row({
      what: `start to listening, new database, median of ${starts}`,
      value: median(times ?? []),
      unit: 's',
      baseline: 'an empty Node process',
      baselineValue: median(emptyTimes ?? []),
      limits: { under: 1.5 },
    }),
    row({
      what: 'memory when idle, simulator',
      value: median(idle ?? []),
      unit: 'MB',
      baseline: 'an empty Node process',
      baselineValue: median(emptyMb ?? []),
      limits: { under: 130 },
    }),
  ];
}

async function emptyProcess() {
  const started = performance.now();
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)']);
  await once(child.stdout, 'data');
  const seconds = (performance.now() - started) / 1000;
  const rssMb = residentMb(child.pid ?? 0);
  child.kill('SIGKILL');
  return { seconds, rssMb };
}
