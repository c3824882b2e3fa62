// Runs the benches named on the command line, or all; see docs/performance.md.
import { loadavg } from 'node:os';
import { readOptions } from './support/options.mjs';
import { describeMachine } from './support/machine.mjs';
import { readResults, writeDocument, writeResult } from './support/output.mjs';
import { textTable } from './support/table.mjs';
import { workFolder } from './support/workspace.mjs';
import { api } from './api/api.mjs';
import { backfill } from './backfill/backfill.mjs';
import { footprint } from './footprint/footprint.mjs';
import { ingest } from './ingest/ingest.mjs';
import { read } from './read/read.mjs';
import { scenarios } from './scenarios/scenarios.mjs';

/** @type {Record<string, (sizes: import('./support/options.mjs').Sizes, say: (text: string) => void) => Promise<import('./support/results.mjs').Report>>} */
const RUN = { scenarios, ingest, read, api, footprint, backfill };

const { mode, sizes, benches, out, writeDocs } = readOptions(process.argv.slice(2));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

const folder = out ?? (mode === 'quick' ? workFolder('results') : undefined);
const say = (/** @type {string} */ text) => process.stderr.write(`  ${text}\n`);

const [loadBefore = 0] = loadavg();

for (const bench of benches) {
  process.stderr.write(`${bench} (${mode})\n`);
  const started = performance.now();
  const report = await RUN[bench]?.(sizes, say);
  if (!report) continue;
  console.log(`\n${bench}\n${textTable(report.rows)}\n`);
  // What others do on this machine; the load of the benches themselves is not in it yet.
  if (loadBefore > 0.5)
    report.notes.push(`The machine was not idle before the run: load average ${loadBefore.toFixed(1)}.`);
  for (const note of report.notes) console.log(`- ${note}`);
  const minutes = (performance.now() - started) / 60_000;
  const date = new Date().toISOString().slice(0, 10);
  const result = { mode, date, minutes, machine: describeMachine(), ...report };
  // After each, so that an interrupted run keeps what it has.
  const where = await writeResult(mode, bench, result, folder);
  if (mode !== 'quick') console.log(`\n→ ${where ?? 'bench/results'}/latest.json, chart.svg`);
}
if (writeDocs) await writeDocument(readResults(folder));
process.exit(0);
