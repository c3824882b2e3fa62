import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { chart } from './chart.mjs';
import { BENCHES } from './options.mjs';
import { markdownTable } from './table.mjs';

const RESULTS = fileURLToPath(new URL('../results', import.meta.url));
const DOCUMENT = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));
const [BEGIN, END] = [
  '<!-- figures: written by `node bench/run.mjs --write-docs` -->',
  '<!-- end of figures -->',
];

/** @typedef {import('./results.mjs').Report & { mode: string, date: string, minutes: number, machine: any }} Result */

/**
 * The last result of each bench, by mode and name.
 *
 * @typedef {Record<string, Record<string, Result>>} Results
 */

/** @param {string} [folder] @returns {Results} */
export function readResults(folder = RESULTS) {
  const file = join(folder, 'latest.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/**
 * Adds a result to those of the runs before, and draws the chart of its mode.
 *
 * @param {string} mode
 * @param {string} bench
 * @param {Result} result
 * @param {string} [folder]
 */
export async function writeResult(mode, bench, result, folder = RESULTS) {
  const before = readResults(folder);
  const ofMode = { ...before[mode], [bench]: result };
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'latest.json');
  writeFileSync(file, await pretty(JSON.stringify({ ...before, [mode]: ofMode }, round), file));
  const { cpu, cores, node } = result.machine;
  const panels = BENCHES.flatMap((name) => ofMode[name]?.panels ?? []);
  writeFileSync(
    join(folder, 'chart.svg'),
    chart(panels, `${cpu}, ${cores} cores, Node ${node}: npm run bench`),
  );
  return folder;
}

/** Fills the marked section of docs/performance.md. @param {Results} results */
export async function writeDocument(results) {
  const sections = ['standard', 'full'].flatMap((mode) => {
    const found = BENCHES.flatMap((bench) => describeResult(bench, results[mode]?.[bench]));
    return found.length === 0
      ? []
      : [`### \`npm run bench${mode === 'full' ? ' -- --full' : ''}\``, ...found];
  });
  const text = readFileSync(DOCUMENT, 'utf8');
  const [before, rest = ''] = text.split(BEGIN);
  const after = rest.split(END)[1];
  if (after === undefined) throw new Error(`${DOCUMENT} has lost the marks of its figures`);
  const filled = [`${before}${BEGIN}`, ...sections, `${END}${after}`].join('\n\n');
  writeFileSync(DOCUMENT, await pretty(filled, DOCUMENT));
}

/** @param {string} bench @param {Result | undefined} result */
function describeResult(bench, result) {
  if (!result) return [];
  const { rows, notes, date, minutes, machine } = result;
  return [
    `#### ${bench}`,
    `${date}, ${minutes.toFixed(1)} minutes; ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, Node ${machine.node}, SQLite ${machine.sqlite}.`,
    markdownTable(rows),
    notes.map((note) => `- ${note}`).join('\n'),
  ];
}

/** Four digits say all that a shared machine can tell. @param {string} _ @param {unknown} value */
function round(_, value) {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}

/** @param {string} text @param {string} filepath */
async function pretty(text, filepath) {
  return format(text, { ...(await resolveConfig(DOCUMENT)), filepath });
}
