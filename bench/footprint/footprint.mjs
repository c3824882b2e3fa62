import { seedDatabase } from '../read/requests.mjs';
import { backfillMemory } from './memory.mjs';
import { walSize } from './wal.mjs';

/**
 * What a long backfill takes of the disk and of memory.
 *
 * @param {import('../support/options.mjs').Sizes} sizes
 * @param {(text: string) => void} say
 * @returns {Promise<import('../support/results.mjs').Report>}
 */
export async function footprint(sizes, say) {
  const wal = await walSize(await seedDatabase(sizes.seedRows), sizes, say);
  say('memory during a long backfill');
  const memory = await backfillMemory(sizes);
  return { rows: [...wal.rows, ...memory.rows], panels: [], notes: [...wal.notes, ...memory.notes] };
}
