import { join } from 'node:path';
import { writeCsv } from '../support/candles.mjs';
import { commandLineVersion } from '../support/machine.mjs';
import { figure, row } from '../support/results.mjs';
import { median, percentile } from '../support/statistics.mjs';
import { Worker, withWorkers } from '../support/worker.mjs';
import { removeFolder, workFolder } from '../support/workspace.mjs';
import { importCsv } from './command-line.mjs';
import { measureRollups } from './rollups.mjs';

const SEVERAL_PAGES = 4000;
const ONE_PAGE = 1000;
/** The reported transaction of 4,000 candles. */
const REPORTED_MS = 5000;

/** One task in a process of its own, so that no way inherits another's memory. @param {string} task @param {object} options */
const once = (task, options) =>
  withWorkers([new Worker('ingest/ingest-process.mjs')], (worker) => worker.call(task, options));

/** @param {{ rows: number, seconds: number }} result */
const rate = ({ rows, seconds }) => rows / seconds;

/**
 * Candles per second through the real commit path against other ways into the same table.
 *
 * @param {import('../support/options.mjs').Sizes} sizes
 * @param {(text: string) => void} say
 * @returns {Promise<import('../support/results.mjs').Report>}
 */
export async function ingest(sizes, say) {
  const compared = await compareWays(sizes, say);
  say(`one commit of ${SEVERAL_PAGES} candles`);
  const single = await singleCommit(compared.rowByRowMs);
  say(`from an empty table to ${figure(sizes.growthRows)} candles`);
  const growth = await grow(sizes);
  say('with and without rollups');
  const rollups = await measureRollups(sizes);
  return {
    rows: [...compared.rows, ...single, ...growth.rows, ...rollups.rows],
    panels: [compared.panel],
    notes: [...compared.notes, growth.note, ...rollups.notes],
  };
}

/** @param {import('../support/options.mjs').Sizes} sizes @param {(text: string) => void} say */
async function compareWays({ ingestRounds, ingestRows, slowIngestRows }, say) {
  const rounds = [];
  const rowByRowMs = [];
  let peakRssMb = 0;
  for (let round = 0; round < ingestRounds; round += 1) {
    say(`round ${round + 1} of ${ingestRounds}: .import, commits, row by row, repository.upsert`);
    const folder = workFolder('ingest');
    const file = (/** @type {string} */ name) => join(folder, `${name}.db`);
    const seriesIds = await once('prepare', { file: file('import') });
    await once('prepare', { file: file('row') });
    await once('prepare', { file: file('upsert') });
    const slow = { rows: slowIngestRows, perPage: SEVERAL_PAGES, seriesIds };

    const imported = await commandLineImport(folder, { seriesIds, rows: ingestRows, perPage: SEVERAL_PAGES });
    const commit = { rows: ingestRows, rollups: false };
    const several = await once('commit', { ...commit, file: file('several'), perPage: SEVERAL_PAGES });
    const one = await once('commit', { ...commit, file: file('one'), perPage: ONE_PAGE });
    const rowByRow = await once('rowByRow', { ...slow, file: file('row') });
    const upsert = await once('upsert', { ...slow, file: file('upsert') });
    rowByRowMs.push(...rowByRow.latencies);
    peakRssMb = Math.max(peakRssMb, several.peakRssMb);
    rounds.push({
      imported: imported && rate(imported),
      several: rate(several),
      one: rate(one),
      rowByRow: rate(rowByRow),
      upsert: rate(upsert),
    });
    removeFolder(folder);
  }
  return { ...describeWays(rounds), rowByRowMs, peakRssMb };
}

/** @param {string} folder @param {{ seriesIds: number[], rows: number, perPage: number }} options */
async function commandLineImport(folder, options) {
  if (commandLineVersion() === null) return null;
  const csv = join(folder, 'rows.csv');
  await writeCsv(csv, options);
  const result = await importCsv(join(folder, 'import.db'), csv);
  if (result.rows !== options.rows) throw new Error(`.import stored ${result.rows} of ${options.rows} rows`);
  return result;
}

/** @param {Array<{ imported: number | null, several: number, one: number, rowByRow: number, upsert: number }>} rounds */
function describeWays(rounds) {
  const of = (/** @type {'several' | 'one' | 'rowByRow' | 'upsert'} */ way) =>
    median(rounds.map((round) => round[way]));
  const imported = rounds.some((round) => round.imported === null)
    ? null
    : median(rounds.map((round) => round.imported ?? 0));
  const unit = 'candles/s';
  const several = { what: 'ingest, 4,000 per commit', value: of('several'), unit };
  const one = { what: 'ingest, 1,000 per commit', value: of('one'), unit };
  const byImport = { baseline: 'sqlite3 .import', baselineValue: imported };
  const byUpsert = { baseline: 'repository.upsert, 4,000', baselineValue: of('upsert') };
  const byRow = {
    baseline: 'prepared inserts row by row, 4,000 per transaction',
    baselineValue: of('rowByRow'),
  };
  return {
    rows: [
      row({ ...several, ...byImport, limits: { ratioAtLeast: 0.5 } }),
      row({ ...several, ...byUpsert, limits: { ratioAtLeast: 3 } }),
      row({ ...several, ...byRow }),
      row({ ...one, ...byImport }),
      row({ ...one, ...byUpsert }),
      row({ ...one, ...byRow }),
    ],
    panel: /** @type {import('../support/results.mjs').Panel} */ ({
      title: 'Storing candles, nobody else writing',
      unit,
      better: 'higher',
      bars: [
        ...(imported === null ? [] : [{ name: 'sqlite3 .import', value: imported }]),
        { name: 'CryptoFlow, 4,000 per commit', value: several.value, ours: true },
        { name: 'CryptoFlow, 1,000 per commit', value: one.value, ours: true },
        { name: 'prepared inserts, row by row', value: byRow.baselineValue },
        { name: 'repository.upsert, 4,000', value: byUpsert.baselineValue },
      ],
    }),
    notes: [
      'A rate is rows over the time from the first row until the file is closed, its WAL moved into the database file; ' +
        `medians of ${rounds.length} rounds in which every way has its turn. The command line stores all rows in one ` +
        'transaction and checks no fence, no decimal and no coverage. None of the ways makes rollups here; what they ' +
        'cost has rows of its own.',
    ],
  };
}

/** The baselines make no rollups: what these add is a row of its own. @param {number[]} rowByRowMs */
async function singleCommit(rowByRowMs) {
  const folder = workFolder('single');
  const commits = (/** @type {boolean} */ rollups) =>
    once('singleCommits', {
      file: join(folder, `${rollups}.db`),
      count: 60,
      perPage: SEVERAL_PAGES,
      rollups,
    });
  const latencies = await commits(false);
  const rolledUp = await commits(true);
  const what = '4,000 candles in one commit';
  const reported = { unit: 'ms', baseline: 'the reported transaction', baselineValue: REPORTED_MS };
  return [
    row({ what: `${what}, median`, value: median(latencies), ...reported, limits: { ratioAtMost: 0.01 } }),
    row({
      what: `${what} with their rollups, median`,
      value: median(rolledUp),
      ...reported,
      limits: { ratioAtMost: 0.01 },
    }),
    row({
      what: `${what}, median`,
      value: median(latencies),
      unit: 'ms',
      baseline: 'row by row in one transaction, median',
      baselineValue: median(rowByRowMs),
      limits: { ratioAtMost: 0.2 },
    }),
    row({
      what: `${what}, p99`,
      value: percentile(latencies, 0.99),
      unit: 'ms',
      baseline: 'row by row in one transaction, p99',
      baselineValue: percentile(rowByRowMs, 0.99),
    }),
  ];
}

/** @param {import('../support/options.mjs').Sizes} sizes */
async function grow({ growthRows, growthStep }) {
  const folder = workFolder('growth');
  const options = {
    file: join(folder, 'growth.db'),
    rows: growthRows,
    perPage: SEVERAL_PAGES,
    step: growthStep,
  };
  const { marks, peakRssMb } = await once('commit', options);
  removeFolder(folder);
  /** @type {number[]} */
  const rates = marks.map((/** @type {any} */ { rows, seconds }, /** @type {number} */ index) => {
    const before = marks[index - 1] ?? { rows: 0, seconds: 0 };
    return (rows - before.rows) / (seconds - before.seconds);
  });
  const [first = 0] = rates;
  // A step is short: the mean of the last tenth says more than the very last.
  const tail = rates.slice(-Math.max(1, Math.floor(rates.length / 10)));
  const last = tail.reduce((sum, one) => sum + one, 0) / tail.length;
  const shown = rates.filter((_, index) => rates.length <= 10 || (index + 1) % 5 === 0 || index === 0);
  return {
    rows: [
      row({
        what: `ingest at ${figure(growthRows / 1e6)} million candles, 4,000 per commit`,
        value: last,
        unit: 'candles/s',
        baseline: `its own first ${figure(growthStep / 1e6)} million`,
        baselineValue: first,
        limits: { ratioAtLeast: 0.7 },
      }),
      row({
        what: 'highest memory of that process',
        value: peakRssMb,
        unit: 'MB',
        baseline: 'the same at the first step',
        baselineValue: marks[0]?.peakRssMb ?? null,
      }),
    ],
    note: `As the table grows, candles/s per step of ${figure(growthStep)}: ${shown.map(figure).join(', ')}.`,
  };
}
