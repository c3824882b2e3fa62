import { range, row } from '../support/results.mjs';
import { median, percentile } from '../support/statistics.mjs';

/** @typedef {import('../support/worker.mjs').Worker} Worker */

const CONNECTIONS = 8;
/** Before the first round, so that whoever is measured first is compiled as well as whoever comes last. */
const FIRST_WARM_UP_SECONDS = 1.5;
const WARM_UP_SECONDS = 0.3;

/** @type {Record<string, string>} */
export const NAMES = {
  json: 'JSON',
  csv: 'CSV',
  ndjson: 'NDJSON',
  udf: 'UDF history',
  binance: 'Binance klines',
};
const KINDS = Object.keys(NAMES);
/** @type {Record<string, string>} */
const OTHERS = { plain: 'the plain way', readers: 'on four readers', postgres: 'PostgreSQL' };

/**
 * One thing that is measured: a server, a protocol of its, and whether the same window is asked for again and again.
 *
 * @typedef {object} Way
 * @property {string} id
 * @property {string} url
 * @property {string} kind
 * @property {boolean} same
 */

/** What one turn came to. @typedef {{ rate: number, p99: number, asked: number, failed: number }} Measured */

/**
 * @param {{ service: string, plain: string, readers: string, postgres: string | null }} urls
 * @returns {Way[]}
 */
function waysOf({ service, plain, readers, postgres }) {
  const servers = [
    ...KINDS.map((kind) => ({ name: kind, url: service, kind })),
    { name: 'plain', url: plain, kind: 'plain' },
    { name: 'readers', url: readers, kind: 'plain' },
    ...(postgres === null ? [] : [{ name: 'postgres', url: postgres, kind: 'plain' }]),
  ];
  return servers.flatMap(({ name, ...server }) =>
    [false, true].map((same) => ({ id: idOf(name, same), ...server, same })),
  );
}

/** @param {string} name @param {boolean} same */
const idOf = (name, same) => `${name} ${same}`;

/**
 * Closed loop: as many answers of 1,000 candles as a few connections get. Every way has its turn in every round.
 *
 * @param {{ load: Worker, urls: { service: string, plain: string, readers: string, postgres: string | null } }} servers
 * @param {import('../support/options.mjs').Sizes} sizes
 * @param {(text: string) => void} say
 */
export async function throughput({ load, urls }, sizes, say) {
  const { apiRounds, apiSeconds: seconds, apiCandles: rows } = sizes;
  const ways = waysOf(urls);
  for (const way of ways) await load.call('check', { ...way, rows });
  /** @type {Map<string, Measured[]>} */
  const measured = new Map(ways.map(({ id }) => [id, []]));
  say('every way warms up');
  for (const { id: _, ...way } of ways) {
    const options = { ...way, rows, connections: CONNECTIONS };
    await load.call('closed', { ...options, seconds: Math.min(FIRST_WARM_UP_SECONDS, 5 * seconds) });
  }
  for (let round = 0; round < apiRounds; round += 1) {
    say(`1,000 candles in each protocol, round ${round + 1} of ${apiRounds}`);
    for (const { id, ...way } of ways) {
      const options = { ...way, rows, connections: CONNECTIONS };
      await load.call('closed', { ...options, seconds: Math.min(WARM_UP_SECONDS, seconds) });
      const { rate, failed, latencies } = await load.call('closed', { ...options, seconds });
      measured.get(id)?.push({ rate, p99: percentile(latencies, 0.99), asked: latencies.length, failed });
    }
  }
  return describe(measured);
}

/** @param {string} kind @param {boolean} same */
const what = (kind, same) =>
  `1,000 candles, ${NAMES[kind]}, ${same ? 'the same window' : 'another window each time'}`;

/** @param {string} kind @param {boolean} same */
const limitsOf = (kind, same) => (kind === 'json' ? { ratioAtLeast: same ? 20 : 8 } : {});

/** @param {Map<string, Measured[]>} measured */
function describe(measured) {
  const all = (/** @type {string} */ name, /** @type {boolean} */ same) =>
    measured.get(idOf(name, same)) ?? [];
  const rate = (/** @type {string} */ name, /** @type {boolean} */ same) =>
    medianOrNull(all(name, same).map((one) => one.rate));
  const p99 = (/** @type {string} */ name, /** @type {boolean} */ same) =>
    medianOrNull(all(name, same).map((one) => one.p99));
  const ours = KINDS.flatMap((kind) => [...all(kind, false), ...all(kind, true)]);
  const sum = (/** @type {'asked' | 'failed'} */ of) => ours.reduce((total, one) => total + one[of], 0);
  const both = [false, true].flatMap((same) => KINDS.map((kind) => ({ kind, same })));
  const baselines = [
    { id: 'plain', baseline: "the plain way: entities on the writer's connection", kinds: KINDS },
    { id: 'readers', baseline: 'entities on four readers', kinds: ['json'] },
    { id: 'postgres', baseline: 'PostgreSQL 18, entities', kinds: ['json'] },
  ];
  return {
    rows: [
      row({
        what: '1,000 candles in each protocol: requests that were refused or failed',
        value: sum('failed'),
        unit: 'requests',
        baseline: 'all that were asked',
        baselineValue: sum('asked'),
        limits: { atMost: 0 },
      }),
      ...baselines.flatMap(({ id, baseline, kinds }) =>
        both
          .filter(({ kind }) => kinds.includes(kind))
          .map(({ kind, same }) =>
            row({
              what: what(kind, same),
              value: rate(kind, same) ?? 0,
              unit: 'requests/s',
              baseline,
              baselineValue: rate(id, same),
              limits: id === 'plain' ? limitsOf(kind, same) : {},
            }),
          ),
      ),
      ...both.map(({ kind, same }) =>
        row({
          what: `${what(kind, same)}: p99 at that rate`,
          value: p99(kind, same) ?? 0,
          unit: 'ms',
          baseline: 'the plain way at its own rate',
          baselineValue: p99('plain', same),
        }),
      ),
    ],
    panel: /** @type {import('../support/results.mjs').Panel} */ ({
      title: '1,000 candles by protocol, another window each time, eight connections',
      unit: 'requests/s',
      better: 'higher',
      bars: [
        { name: 'JSON, the same window', value: rate('json', true) ?? 0, ours: true },
        ...KINDS.map((kind) => ({ name: NAMES[kind] ?? kind, value: rate(kind, false) ?? 0, ours: true })),
        { name: "entities on the writer's connection", value: rate('plain', false) ?? 0 },
        { name: 'entities on four readers', value: rate('readers', false) ?? 0 },
        ...(rate('postgres', false) === null
          ? []
          : [{ name: 'PostgreSQL 18, entities', value: rate('postgres', false) ?? 0 }]),
      ],
    }),
    notes: [false, true].map((same) => {
      const ranges = [...KINDS, 'plain', 'readers', 'postgres'].flatMap((name) => {
        const rates = all(name, same).map((one) => one.rate);
        const title = NAMES[name] ?? OTHERS[name];
        return rates.length === 0 ? [] : [`${title} ${range(rates)}`];
      });
      const which = same ? 'The same window again and again' : 'Another window each time';
      return `${which}, requests/s, least to most of ${all('json', same).length} rounds: ${ranges.join('; ')}.`;
    }),
  };
}

/** @param {number[]} values */
function medianOrNull(values) {
  return values.length === 0 ? null : median(values);
}
