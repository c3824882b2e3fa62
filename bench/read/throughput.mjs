import { row } from '../support/results.mjs';
import { median } from '../support/statistics.mjs';
import { withPostgres } from '../support/postgres.mjs';
import { withService } from '../support/service.mjs';
import { Worker, withWorkers } from '../support/worker.mjs';
import { addresses, ALL_MARKETS, copyDatabase, LONG_BACKFILL, pagePaths } from './requests.mjs';

const CONNECTIONS = 8;

/**
 * Closed loop: as many requests as eight connections get answered. Every way has its turn in every round.
 *
 * @param {string} seed
 * @param {any} sizes
 * @param {(text: string) => void} say
 */
export async function throughput(seed, sizes, say) {
  const { throughputSeconds: seconds, seedRows } = sizes;
  const paths = pagePaths(seedRows);
  const environment = { DATABASE_URL: `sqlite:${copyDatabase(seed)}`, CRYPTOFLOW_ROLE: 'api' };
  const rates = await withPostgres((postgresUrl) =>
    withService(environment, (service) => takeTurns(seed, { ...sizes, paths, service, postgresUrl }, say)),
  );
  say('closed loop during a backfill in the same process');
  const backfilling = await duringBackfill(seed, { paths, seconds });

  const idle = {
    what: 'reads of 1,000 candles, closed loop',
    value: rates.get('service') ?? 0,
    unit: 'requests/s',
  };
  return {
    rows: [
      row({
        ...idle,
        baseline: 'the plain way: entities on the writer’s connection',
        baselineValue: rates.get('entities') ?? null,
        limits: { ratioAtLeast: 8 },
      }),
      row({
        ...idle,
        baseline: 'raw rows on a reader, same format',
        baselineValue: rates.get('rows') ?? null,
        limits: { ratioAtLeast: 4 },
      }),
      row({ ...idle, baseline: 'PostgreSQL 18, entities', baselineValue: rates.get('postgres') ?? null }),
      row({
        what: 'the same during a backfill in the same process',
        value: backfilling.ours,
        unit: 'requests/s',
        baseline: 'reported configuration, also backfilling',
        baselineValue: backfilling.reported,
      }),
    ],
    panel: /** @type {import('../support/results.mjs').Panel} */ ({
      title: '1,000 candles over HTTP, eight connections',
      unit: 'requests/s',
      better: 'higher',
      bars: [
        { name: 'CryptoFlow', value: idle.value, ours: true },
        { name: 'raw rows on a reader', value: rates.get('rows') ?? 0 },
        { name: 'entities, writer’s connection', value: rates.get('entities') ?? 0 },
        ...(rates.has('postgres')
          ? [{ name: 'PostgreSQL 18, entities', value: rates.get('postgres') ?? 0 }]
          : []),
      ],
    }),
  };
}

/** @param {string} seed @param {any} options @param {(text: string) => void} say @returns {Promise<Map<string, number>>} */
function takeTurns(
  seed,
  { readRounds, throughputSeconds: seconds, seedRows, paths, service, postgresUrl },
  say,
) {
  const kinds = ['rows', 'entities', ...(postgresUrl === null ? [] : ['postgres'])];
  const servers = kinds.map(() => new Worker('read/plain-server-process.mjs'));
  return withWorkers([new Worker('support/load-process.mjs'), ...servers], async (load) => {
    /** @type {Map<string, { urls: string[], rates: number[] }>} */
    const measured = new Map([['service', { urls: addresses(service.url, paths.service), rates: [] }]]);
    for (const [index, kind] of kinds.entries()) {
      const url = await servers[index]?.call('start', {
        kind,
        seedRows,
        file: copyDatabase(seed),
        url: postgresUrl,
      });
      measured.set(kind, { urls: addresses(url, paths.plain), rates: [] });
    }
    for (let round = 0; round < readRounds; round += 1) {
      say(`closed loop, round ${round + 1} of ${readRounds}`);
      for (const { urls, rates } of measured.values()) rates.push(await closedLoop(load, urls, seconds));
    }
    return new Map([...measured].map(([kind, { rates }]) => [kind, median(rates)]));
  });
}

/** @param {Worker} load @param {string[]} urls @param {number} seconds @returns {Promise<number>} requests per second */
async function closedLoop(load, urls, seconds) {
  await load.call('closed', { urls, connections: CONNECTIONS, seconds: Math.min(1, seconds) });
  return load.call('closed', { urls, connections: CONNECTIONS, seconds });
}

/** @param {string} seed @param {{ paths: ReturnType<typeof pagePaths>, seconds: number }} options */
async function duringBackfill(seed, { paths, seconds }) {
  const workers = [
    new Worker('support/load-process.mjs'),
    new Worker('read/plain-server-process.mjs', { threads: 'default' }),
  ];
  return withWorkers(workers, async (load, server) => {
    const url = await server.call('start', { kind: 'reported', file: copyDatabase(seed) });
    await server.call('startBackfill');
    const reported = await closedLoop(load, addresses(url, paths.plain), seconds);
    await server.call('pause');
    const environment = {
      DATABASE_URL: `sqlite:${copyDatabase(seed)}`,
      CRYPTOFLOW_MARKETS: ALL_MARKETS,
      CRYPTOFLOW_BACKFILL: LONG_BACKFILL,
    };
    const ours = await withService(environment, (service) =>
      closedLoop(load, addresses(service.url, paths.service), seconds),
    );
    return { ours, reported };
  });
}
