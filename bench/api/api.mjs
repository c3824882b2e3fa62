import { withPostgres } from '../support/postgres.mjs';
import { withService } from '../support/service.mjs';
import { Worker, withWorkers } from '../support/worker.mjs';
import { copyDatabase, seedDatabase } from '../read/requests.mjs';
import { bulk } from './bulk.mjs';
import { stream } from './stream.mjs';
import { throughput } from './throughput.mjs';

/**
 * What the API costs in each of its protocols: pages, histories in bulk, and a stream with many who listen.
 *
 * @param {import('../support/options.mjs').Sizes} sizes
 * @param {(text: string) => void} say
 * @returns {Promise<import('../support/results.mjs').Report>}
 */
export async function api(sizes, say) {
  say('a year of minutes to read from');
  const seed = await seedDatabase(sizes.apiCandles);
  const { pages, years } = await withPostgres((databaseUrl) => reading(seed, databaseUrl, sizes, say));
  const streamed = await stream(copyDatabase(seed), sizes, say);
  return {
    rows: [...pages.rows, ...years.rows, ...streamed.rows],
    panels: [pages.panel, years.panel],
    notes: [...pages.notes, ...years.notes, ...streamed.notes],
  };
}

/**
 * @param {string} seed
 * @param {string | null} databaseUrl of PostgreSQL
 * @param {import('../support/options.mjs').Sizes} sizes
 * @param {(text: string) => void} say
 */
async function reading(seed, databaseUrl, sizes, say) {
  const file = copyDatabase(seed);
  const PLAIN = 'api/plain-server-process.mjs';
  const workers = [
    new Worker('api/load-process.mjs'),
    new Worker(PLAIN),
    new Worker(PLAIN),
    new Worker(PLAIN),
  ];
  return withWorkers(workers, (load, plain, onReaders, withPostgres) =>
    withService({ DATABASE_URL: `sqlite:${file}`, CRYPTOFLOW_ROLE: 'api' }, async (service) => {
      const copy = copyDatabase(seed);
      const plainUrl = await plain.call('start', { engine: 'sqlite', on: 'writer', file: copy });
      const readers = await onReaders.call('start', { engine: 'sqlite', on: 'reader', file: copy });
      const options = { engine: 'postgres', databaseUrl, rows: sizes.apiCandles };
      const postgres = databaseUrl === null ? null : await withPostgres.call('start', options);
      const urls = { service: service.url, plain: plainUrl, readers, postgres };
      const pages = await throughput({ load, urls }, sizes, say);
      const entities = { url: plainUrl, pid: plain.child.pid };
      const years = await bulk({ load, file, plain: entities, service: service.url, postgres }, sizes, say);
      return { pages, years };
    }),
  );
}
