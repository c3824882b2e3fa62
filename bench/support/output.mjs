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

/**
 * The last results of each bench, by its name.
 *
 * @typedef {Record<string, import('./results.mjs').Report & { mode: string, date: string, minutes: number, machine: any }>} Results
 */

/** @param {string} [folder] @returns {Results} */
export function readResults(folder = RESULTS) {
  const file = join(folder, 'latest.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/**
 * @param {Results} results
 * @param {string} [folder]
 */
export async function writeResults(results, folder = RESULTS) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'latest.json');
  writeFileSync(file, await pretty(JSON.stringify(results, round), file));
  const present = BENCHES.flatMap((bench) => results[bench] ?? []);
  const { machine } = present[0] ?? {};
  const footer = machine ? `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}: npm run bench` : '';
  writeFileSync(
    join(folder, 'chart.svg'),
    chart(
      present.flatMap(({ panels }) => panels),
      footer,
    ),
  );
  return folder;
}

/** Fills the marked section of docs/performance.md. @param {Results} results */
export async function writeDocument(results) {
  const sections = BENCHES.flatMap((bench) => {
    const result = results[bench];
    if (!result) return [];
    const { rows, notes, mode, date, minutes, machine } = result;
    return [
      `### ${bench}`,
      `${date}, ${mode} sizes, ${minutes.toFixed(1)} minutes; ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, Node ${machine.node}, SQLite ${machine.sqlite}.`,
      markdownTable(rows),
      notes.map((note) => `- ${note}`).join('\n'),
    ];
  });
  const text = readFileSync(DOCUMENT, 'utf8');
  const [before, rest = ''] = text.split(BEGIN);
  const after = rest.split(END)[1];
  if (after === undefined) throw new Error(`${DOCUMENT} has lost the marks of its figures`);
  const filled = [`${before}${BEGIN}`, ...sections, `${END}${after}`].join('\n\n');
  writeFileSync(DOCUMENT, await pretty(filled, DOCUMENT));
}

/** Four digits say all that a shared machine can tell. @param {string} _ @param {unknown} value */
function round(_, value) {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}

/** @param {string} text @param {string} filepath */
async function pretty(text, filepath) {
  return format(text, { ...(await resolveConfig(DOCUMENT)), filepath });
}
