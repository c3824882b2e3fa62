import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * `.import` of the `sqlite3` command line into the table `candle` of a file that nobody else has open: the command line
 * may be older than 3.51.3, below which two connections on one WAL are not safe.
 *
 * @param {string} file
 * @param {string} csv
 * @returns seconds until the process has closed the file
 */
export async function importCsv(file, csv) {
  const started = performance.now();
  const { stdout, stderr } = await run('sqlite3', [
    '-bail',
    file,
    'PRAGMA journal_mode = WAL',
    'PRAGMA synchronous = NORMAL',
    '.mode csv',
    `.import ${csv} candle`,
    'SELECT count(*) FROM candle',
  ]);
  const seconds = (performance.now() - started) / 1000;
  if (stderr !== '') throw new Error(`sqlite3: ${stderr}`);
  return { seconds, rows: Number(stdout.trim().split(/\s/).at(-1)) };
}
