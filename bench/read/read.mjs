import { latency } from './latency.mjs';
import { seedDatabase } from './requests.mjs';
import { startAndIdle } from './start.mjs';
import { syncWait } from './sync-wait.mjs';
import { throughput } from './throughput.mjs';

/**
 * 1,000 candles over HTTP from the built service, and what a backfill does to them.
 *
 * @param {import('../support/options.mjs').Sizes} sizes
 * @param {(text: string) => void} say
 * @returns {Promise<import('../support/results.mjs').Report>}
 */
export async function read(sizes, say) {
  say('start, and memory when idle');
  const start = await startAndIdle(sizes);
  say('a database to read from');
  const seed = await seedDatabase(sizes.seedRows);
  const closed = await throughput(seed, sizes, say);
  const open = await latency(seed, sizes, say);
  say('sync during backfill');
  const sync = await syncWait(seed, sizes);
  return {
    rows: [...open.rows, ...closed.rows, ...sync, ...start],
    panels: [closed.panel, open.panel],
    notes: open.notes,
  };
}
