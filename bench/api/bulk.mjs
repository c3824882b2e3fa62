import { figure, range, row } from '../support/results.mjs';
import { residentMb, withService } from '../support/service.mjs';
import { median } from '../support/statistics.mjs';
import { bulkPath, historyOf } from './addresses.mjs';

/** @typedef {import('../support/worker.mjs').Worker} Worker */
/** @typedef {{ seconds: number, bytes: number }} Done */

/** Of one page of our own JSON, and of the plain way's. */
const PAGE = 10_000;
const SAMPLE_MS = 10;

/** @type {Record<string, { name: string, format: string, kind: string }>} */
const FORMATS = {
  arrow: { name: 'Arrow, doubles', format: 'arrow', kind: 'arrow' },
  decimals: { name: 'Arrow, decimals', format: 'arrow&numbers=decimal', kind: 'arrow' },
  csv: { name: 'CSV', format: 'csv', kind: 'csv' },
  ndjson: { name: 'NDJSON', format: 'ndjson', kind: 'ndjson' },
};
const OWN = 'json';

/**
 * A year of minutes: in each bulk format in one answer, as our own JSON and as the plain way's page by page.
 *
 * @param {{ load: Worker, file: string, plain: { url: string, pid: number }, service: string, postgres: string | null }} servers
 * @param {import('../support/options.mjs').Sizes} sizes
 * @param {(text: string) => void} say
 */
export async function bulk({ load, file, plain, service, postgres }, sizes, say) {
  const { apiRounds, apiCandles: candles } = sizes;
  const history = historyOf(candles);
  /** @type {Record<string, (url: string, checked?: boolean) => Promise<Done>>} */
  const ways = {
    ...Object.fromEntries(
      Object.entries(FORMATS).map(([id, { format, kind }]) => [
        id,
        (/** @type {string} */ url, checked = false) =>
          load.call(checked ? 'bulkChecked' : 'bulk', {
            address: url + bulkPath(history, format),
            kind,
            from: history.from,
            count: candles,
          }),
      ]),
    ),
    ...Object.fromEntries(
      [OWN, 'plain'].map((kind) => [
        kind,
        (/** @type {string} */ url, checked = false) =>
          load.call(checked ? 'pagedChecked' : 'paged', { url, kind, ...history, limit: PAGE }),
      ]),
    ),
  };

  say('a year of minutes in each format, first time');
  /** @type {Record<string, number>} */
  const grown = {};
  // Each from a service of its own: what one has left in the heap, the next would not take again.
  for (const id of [...Object.keys(FORMATS), OWN]) {
    const environment = { DATABASE_URL: `sqlite:${file}`, CRYPTOFLOW_ROLE: 'api' };
    await withService(environment, async ({ url, pid }) => {
      grown[id] = await memoryDuring(pid, () => ways[id]?.(url));
    });
    await ways[id]?.(service, true);
  }
  grown['plain'] = await memoryDuring(plain.pid, () => ways['plain']?.(plain.url));
  await ways['plain']?.(plain.url, true);

  const turns = [
    ...[...Object.keys(FORMATS), OWN].map((id) => ({ id, url: service, way: id })),
    { id: 'plain', url: plain.url, way: 'plain' },
    ...(postgres === null ? [] : [{ id: 'postgres', url: postgres, way: 'plain' }]),
  ];
  /** @type {Map<string, Done[]>} */
  const measured = new Map(turns.map(({ id }) => [id, []]));
  for (let round = 0; round < apiRounds; round += 1) {
    say(`a year of minutes in each format, round ${round + 1} of ${apiRounds}`);
    for (const { id, url, way } of turns) {
      const done = await ways[way]?.(url);
      if (done) measured.get(id)?.push(done);
    }
  }
  return describe(measured, grown, candles);
}

/** How far the memory of a process rises above what it was. @param {number} pid @param {() => unknown} run @returns {Promise<number>} MB */
async function memoryDuring(pid, run) {
  const before = residentMb(pid);
  let most = before;
  const sample = setInterval(() => (most = Math.max(most, residentMb(pid))), SAMPLE_MS);
  try {
    await run();
  } finally {
    clearInterval(sample);
  }
  return most - before;
}

/** The targets are of doubles in Arrow. @param {string} id @param {object} limits */
const only = (id, limits) => (id === 'arrow' ? limits : {});

/** @param {Map<string, Done[]>} measured @param {Record<string, number>} grown @param {number} candles */
function describe(measured, grown, candles) {
  const seconds = (/** @type {string} */ id) => (measured.get(id) ?? []).map((done) => done.seconds);
  const time = (/** @type {string} */ id) => (seconds(id).length === 0 ? null : median(seconds(id)));
  const megabytes = (/** @type {string} */ id) => (measured.get(id)?.[0]?.bytes ?? 0) / 1e6;
  const rate = (/** @type {string} */ id) => {
    const took = time(id);
    return took === null ? null : candles / took;
  };
  const year = `${candles.toLocaleString('en')} candles`;
  const own = `our own JSON, pages of ${PAGE.toLocaleString('en')}`;
  const plain = `the plain way’s JSON, pages of ${PAGE.toLocaleString('en')}`;
  const formats = Object.entries(FORMATS).map(([id, { name }]) => ({ id, name }));
  const withOwn = [...formats, { id: OWN, name: `JSON, pages of ${PAGE.toLocaleString('en')}` }];
  return {
    rows: [
      ...formats.map(({ id, name }) =>
        row({
          what: `${year}, ${name}: time to the last byte`,
          value: time(id) ?? 0,
          unit: 's',
          baseline: own,
          baselineValue: time(OWN),
          limits: only(id, { ratioAtMost: 2.5 }),
        }),
      ),
      ...formats.map(({ id, name }) =>
        row({
          what: `${year}, ${name}: size`,
          value: megabytes(id),
          unit: 'MB',
          baseline: own,
          baselineValue: megabytes(OWN),
          limits: only(id, { ratioAtMost: 0.8 }),
        }),
      ),
      ...withOwn.map(({ id, name }) =>
        row({
          what: `${year}, ${name}: rate`,
          value: rate(id) ?? 0,
          unit: 'candles/s',
          baseline: plain,
          baselineValue: rate('plain'),
          limits: only(id, { ratioAtLeast: 3 }),
        }),
      ),
      row({
        what: `${year}, Arrow, doubles: rate`,
        value: rate('arrow') ?? 0,
        unit: 'candles/s',
        baseline: `PostgreSQL 18, entities, pages of ${PAGE.toLocaleString('en')}`,
        baselineValue: rate('postgres'),
      }),
      ...withOwn.map(({ id, name }) =>
        row({
          what: `${year}, ${name}: most memory above that before`,
          value: grown[id] ?? 0,
          unit: 'MB',
          baseline: plain,
          baselineValue: grown['plain'] ?? null,
        }),
      ),
    ],
    panel: /** @type {import('../support/results.mjs').Panel} */ ({
      title: `${year} of one minute, to the last byte`,
      unit: 's',
      better: 'lower',
      bars: [
        ...withOwn.map(({ id, name }) => ({
          name,
          value: time(id) ?? 0,
          ours: true,
          note: `${figure(megabytes(id))} MB`,
        })),
        {
          name: 'entities, pages of 10,000',
          value: time('plain') ?? 0,
          note: `${figure(megabytes('plain'))} MB`,
        },
        ...(time('postgres') === null
          ? []
          : [{ name: 'PostgreSQL 18, the same', value: time('postgres') ?? 0 }]),
      ],
    }),
    notes: [
      `${year} in seconds, least to most of ${seconds(OWN).length} rounds: ` +
        [
          ...withOwn.map(({ id, name }) => `${name} ${range(seconds(id))}`),
          `the plain way ${range(seconds('plain'))}`,
          ...(time('postgres') === null ? [] : [`PostgreSQL ${range(seconds('postgres'))}`]),
        ].join('; ') +
        '.',
    ],
  };
}
