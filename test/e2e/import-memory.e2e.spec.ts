import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { writeZip } from '../support/archive-files.js';
import { workDirectory } from '../support/at-end.js';
import { NO_LINUX } from '../support/fault/proc.js';
import { MINUTE, queryFile } from '../support/service-data.js';
import { ServiceProcess } from '../support/service-process.js';

const ROWS = 300_000;
const from = Date.UTC(2020, 0, 1);
const row = (index: number) =>
  `${from + index * MINUTE},${23_140 + (index % 97)}.48000000,23400.00000000,23000.10000000,23142.31000000,` +
  `${index % 1000}.13177700,${from + index * MINUTE + MINUTE - 1},49331.10530912,1234,1.01000000,23373.73310000,0\n`;

/** The most memory that a process has had so far, in MB; null when it is gone. */
function peakMb(pid: number): number | null {
  try {
    const match = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return match ? Number(match[1]) / 1024 : null;
  } catch {
    return null;
  }
}

async function importAndWatch(file: string) {
  return watch(workDirectory(), ['import', file, '--symbol', 'BTC/USDT', '--interval', '1m']);
}

async function watch(directory: string, command: readonly string[]) {
  const process = ServiceProcess.spawn({ directory, command });
  let peak = 0;
  while (!process.exit) {
    peak = Math.max(peak, peakMb(process.pid) ?? 0);
    await delay(10);
  }
  expect(process.exit, process.output).toEqual({ code: 0, signal: null });
  return { peak, directory, database: process.database };
}

describe.skipIf(NO_LINUX)('the memory of an import and an export (freqtrade 5578, 4449)', () => {
  it('does not grow with what passes through: 300,000 rows need less than 100 MB more than a few', async () => {
    const folder = workDirectory();
    const few = join(folder, 'few.csv');
    writeFileSync(few, Array.from({ length: 10 }, (_, index) => row(index)).join(''));
    const many = join(folder, 'many.zip');
    function* rows() {
      for (let start = 0; start < ROWS; start += 1000)
        yield Array.from({ length: 1000 }, (_, index) => row(start + index)).join('');
    }
    await writeZip(many, Readable.from(rows()), 'many.csv');

    const small = await importAndWatch(few);
    const large = await importAndWatch(many);
    console.log(`peak with 10 rows ${Math.round(small.peak)} MB, with 300,000 ${Math.round(large.peak)} MB`);
    expect(
      await queryFile(large.database, 'SELECT from_time AS "from", to_time AS "to" FROM coverage'),
    ).toEqual([{ from, to: from + ROWS * MINUTE }]);
    expect(large.peak - small.peak).toBeLessThan(100);

    const exported = join(folder, 'exported.csv');
    const command = ['export', 'binance:BTC/USDT@1m', '--output', exported];
    const [little, much] = [await watch(small.directory, command), await watch(large.directory, command)];
    console.log(`export: ${Math.round(little.peak)} MB, ${Math.round(much.peak)} MB`);
    expect(much.peak - little.peak).toBeLessThan(100);
    expect(statSync(exported).size).toBeGreaterThan(ROWS * 50);
  }, 600_000);
});
