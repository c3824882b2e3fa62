import 'reflect-metadata';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { checkHistory } from '../support/fault/check-history.js';
import { NO_LINUX } from '../support/fault/proc.js';
import { Random } from '../support/fault/random.js';
import { readHistory } from '../support/fault/read-history.js';
import { compareWithSimulator } from './comparison.js';
import { Crew } from './crew.js';
import { FAULTS } from './faults.js';
import { parseOptions, type SoakOptions } from './options.js';
import { ContinualReads } from './reads.js';
import { renderReport, type SoakReport } from './report.js';

const TTL_MS = 3000;
const LOCK_ERROR = /SQLITE_BUSY|SQLITE_LOCKED|WRITE_LOCK_TIMEOUT|database is locked/;
const READY_MS = 60_000;

async function main(options: SoakOptions): Promise<number> {
  if (NO_LINUX) throw new Error(`the soak run ${NO_LINUX}`);
  const directory = mkdtempSync(join(tmpdir(), 'cryptoflow-soak-'));
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interrupted.abort());
  const crew = new Crew(join(directory, 'soak.db'), TTL_MS);
  const cleanUp = () => {
    crew.destroy();
    rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  };
  process.on('exit', cleanUp);
  console.error(`seed ${options.seed}, ${options.minutes} minutes`);
  try {
    const report = await run(crew, options, interrupted.signal);
    console.log(renderReport(report));
    return report.violations.length === 0 ? 0 : 1;
  } catch (error) {
    if (interrupted.signal.aborted) {
      console.error('interrupted: no verdict');
      return 130;
    }
    throw error;
  }
}

async function run(crew: Crew, { minutes, seed }: SoakOptions, signal: AbortSignal): Promise<SoakReport> {
  const random = new Random(seed);
  await untilUp(crew, signal);
  const reads = new ContinualReads(crew.api.url, crew.symbols, new Random(seed + 1));
  const wal = watchWal(crew.file);
  const started = performance.now();
  const { faults, error } = await injectFaults(crew, random, started + minutes * 60_000, signal);
  signal.throwIfAborted();

  const served = await reads.end();
  const lasted = (performance.now() - started) / 60_000;
  await crew.stopWriters();
  const { quickCheck, ...history } = await readHistory(crew.file, crew.fleet.acknowledged);
  const violations = checkHistory(history);
  const comparison = await compareWithSimulator(crew.file, crew.api.url);
  await crew.stopApi();

  const complaints = crew.complaints.map((line) => JSON.stringify(line));
  const lockErrors = [...complaints, ...crew.fleet.complaints].filter((line) => LOCK_ERROR.test(line));
  const { timeouts, unexpectedBusy } = crew.lockFigures;
  const errors = complaints.filter((_, index) => crew.complaints[index]!.level >= 50);
  return {
    minutes: lasted,
    seed,
    ttlMs: TTL_MS,
    faults,
    commits: history.journal.length,
    acknowledged: history.acknowledged.length,
    lost: violations.filter(({ kind }) => kind === 'lost-acknowledged').length,
    workerCandles: history.candles.reduce((sum, { count }) => sum + count, 0),
    comparedCandles: comparison.candles,
    lockErrors,
    timeouts,
    unexpectedBusy,
    reads: served,
    takeovers: crew.fleet.takeovers.length,
    worstTakeoverMs: Math.max(...crew.fleet.takeovers.map(({ ms }) => ms)),
    walMaximum: wal.end(),
    warnings: countBy(crew.complaints.map(({ event }) => event)),
    violations: [
      ...violations.map(({ kind, detail }) => `${kind}: ${detail}`),
      ...(JSON.stringify(quickCheck) === '[{"quick_check":"ok"}]' ? [] : [JSON.stringify(quickCheck)]),
      ...comparison.differences,
      ...new Set([...lockErrors, ...errors, ...crew.fleet.complaints, ...crew.badEnds]),
      ...served.failed,
      ...(timeouts > 0 ? [`${timeouts} lock timeouts`] : []),
      ...(unexpectedBusy > 0 ? [`${unexpectedBusy} times BUSY inside a transaction`] : []),
      ...(error === undefined ? [] : [error instanceof Error ? error.message : 'the run broke off']),
    ],
  };
}

async function untilUp(crew: Crew, signal: AbortSignal): Promise<void> {
  const end = performance.now() + READY_MS;
  while (crew.members.length < crew.fleet.workers.length + 2 || !crew.api.isReady) {
    if (performance.now() > end) throw new Error(`not up after ${READY_MS} ms`);
    await delay(20, undefined, { signal });
  }
}

/** One fault after the other, foreign readers beside them. What breaks off the run is part of its verdict. */
async function injectFaults(crew: Crew, random: Random, end: number, signal: AbortSignal) {
  const faults = new Map(Object.keys(FAULTS).map((name) => [name, { count: 0, inside: 0 }]));
  const hat = Object.entries(FAULTS).flatMap(([name, [weight]]) => Array<string>(weight).fill(name));
  const beside: Promise<unknown>[] = [];
  let error: unknown;
  try {
    while (performance.now() < end && crew.fleet.complaints.length === 0) {
      await delay(random.between(200, 1200), undefined, { signal });
      const name = random.pick(hat);
      const fault = FAULTS[name]![1](crew, random, signal);
      const figures = faults.get(name)!;
      figures.count += 1;
      if (name.includes('foreign reader')) beside.push(fault);
      else if ((await fault).inside) figures.inside += 1;
    }
    await Promise.all(beside);
  } catch (caught) {
    error = caught;
  }
  return { faults, error };
}

function watchWal(file: string) {
  let maximum = 0;
  const timer = setInterval(() => {
    maximum = Math.max(maximum, statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0);
  }, 100);
  return {
    end() {
      clearInterval(timer);
      return maximum;
    },
  };
}

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

process.exitCode = 1;
process.exit(await main(parseOptions(process.argv.slice(2))));
