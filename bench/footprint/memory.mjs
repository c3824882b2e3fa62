import { setTimeout as delay } from 'node:timers/promises';
import { countCandles } from '../read/latency.mjs';
import { ALL_MARKETS, LONG_BACKFILL } from '../read/requests.mjs';
import { figure, row } from '../support/results.mjs';
import { highest, median } from '../support/statistics.mjs';
import { startService } from '../support/service.mjs';
import { workFolder } from '../support/workspace.mjs';

const SAMPLE_MS = 250;

/** Memory during a long backfill from the simulator. @param {any} sizes */
export async function backfillMemory({ memoryCandles }) {
  const service = await startService(
    { CRYPTOFLOW_MARKETS: ALL_MARKETS, CRYPTOFLOW_BACKFILL: LONG_BACKFILL },
    { directory: workFolder('memory') },
  );
  /** @type {number[]} */
  const samples = [];
  let candles = 0;
  const started = performance.now();
  while (candles < memoryCandles) {
    await delay(SAMPLE_MS);
    samples.push(service.rssMb());
    if (samples.length % 4 === 0) candles = await countCandles(service.url);
  }
  const rate = candles / ((performance.now() - started) / 1000);
  await service.stop();
  const quarter = Math.max(1, Math.floor(samples.length / 4));
  const [early, late] = [samples.slice(quarter, 2 * quarter), samples.slice(-quarter)].map(median);
  return {
    rows: [
      row({
        what: `memory above readiness, ${figure(memoryCandles / 1e6)} million candles of backfill`,
        value: highest(samples) - service.readyRssMb,
        unit: 'MB',
        baseline: 'memory at readiness',
        baselineValue: service.readyRssMb,
        limits: { atMost: 100 },
      }),
      row({
        what: 'memory in the last quarter of that backfill, median',
        value: late ?? Number.NaN,
        unit: 'MB',
        baseline: 'its second quarter',
        baselineValue: early ?? null,
      }),
    ],
    notes: [`The service itself backfilled from the simulator at ${figure(rate)} candles/s.`],
  };
}
