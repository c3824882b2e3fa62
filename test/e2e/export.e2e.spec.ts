import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Candle } from '../../src/candles/candle.js';
import { workDirectory } from '../support/at-end.js';
import { gappyCandles } from '../support/candle-files.js';
import { readAllPages } from '../support/service-data.js';
import { ENTRY, ServiceProcess } from '../support/service-process.js';

vi.setConfig({ testTimeout: 120_000 });

const HEADER = 'open_time,open,high,low,close,volume';
const { candles } = gappyCandles();
const csv = (rows: readonly Candle[]) =>
  [HEADER, ...rows.map((candle) => Object.values(candle).join(',')), ''].join('\n');

let directory: string;

/** Runs `cryptoflow export` to its end. */
async function runExport(...args: string[]) {
  const child = spawn(process.execPath, [ENTRY, 'export', ...args], {
    cwd: directory,
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => out.push(part));
  child.stderr.on('data', (part: Buffer) => errors.push(part));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out: Buffer.concat(out).toString(), errors: Buffer.concat(errors).toString() };
}

async function importFile(path: string, into: string) {
  const command = ['import', path, '--symbol', 'ALT/BTC', '--interval', '1m'];
  const { exited } = ServiceProcess.spawn({ directory: into, command });
  expect(await exited).toEqual({ code: 0, signal: null });
}

beforeAll(async () => {
  directory = workDirectory();
  const path = join(directory, 'in.csv');
  writeFileSync(path, csv(candles));
  await importFile(path, directory);
}, 60_000);

describe('an export', () => {
  it('is the series, every digit and no other candle, and an import of it is the same again', async () => {
    const { code, out, errors } = await runExport('binance:ALT/BTC@1m');
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(out === csv(candles)).toBe(true);

    const other = workDirectory();
    const path = join(other, 'out.csv');
    writeFileSync(path, out);
    await importFile(path, other);
    const service = await ServiceProcess.start({ directory: other, environment: { CRYPTOFLOW_ROLE: 'api' } });
    const query = { exchange: 'binance', symbol: 'ALT/BTC', interval: '1m', from: 0, limit: 10_000 };
    expect((await readAllPages(service, query)).candles).toEqual(candles);
  });

  it('is of a part, of which the end is left out', async () => {
    const [from, to] = [candles[100]!.openTime, candles[300]!.openTime];
    const args = ['--from', new Date(from).toISOString(), '--to', String(to)];
    const { code, out } = await runExport('binance:ALT/BTC@1m', ...args);
    expect({ code, out }).toEqual({ code: 0, out: csv(candles.slice(100, 300)) });
  });

  it('is of an interval that is made of minutes, and says how many of its candles have holes', async () => {
    const { code, out, errors } = await runExport('binance:ALT/BTC@1h');
    const service = await ServiceProcess.start({ directory, environment: { CRYPTOFLOW_ROLE: 'api' } });
    const query = 'exchange=binance&symbol=ALT/BTC&interval=1h&from=0&limit=10000';
    const answer = await service.get(`/api/v1/candles?${query}&format=csv`);
    expect({ code, out }).toEqual({ code: 0, out: answer.text });
    expect(errors).toMatch(/^\d+ candles are made of minutes of which some are missing\n$/);
    expect(Number.parseInt(errors, 10)).toBe(Number(answer.headers.get('x-partial')));
  });

  it('into a file appears there when it is whole, and leaves nothing where it cannot be written', async () => {
    const path = join(directory, 'out.csv');
    expect(await runExport('binance:ALT/BTC@1m', '--output', path)).toEqual({ code: 0, out: '', errors: '' });
    expect(readFileSync(path, 'utf8') === csv(candles)).toBe(true);

    const refused = await runExport('binance:ALT/BTC@1m', '--output', join(directory, 'no-folder/out.csv'));
    expect(refused.code).toBe(1);
    expect(refused.errors).toContain('ENOENT');
    const unknown = await runExport('binance:NONE/BTC@1m', '--output', path);
    expect(unknown).toEqual({ code: 1, out: '', errors: 'NONE/BTC of binance is not kept\n' });
    expect(readFileSync(path, 'utf8') === csv(candles), 'what was there before is left as it is').toBe(true);
    expect(readdirSync(directory).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  /** One that has begun to write to a reader of its output. */
  async function begin() {
    const child = spawn(process.execPath, [ENTRY, 'export', 'binance:ALT/BTC@1m'], {
      cwd: directory,
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const errors: Buffer[] = [];
    child.stderr.on('data', (part: Buffer) => errors.push(part));
    await once(child.stdout, 'data');
    return { child, errors: () => Buffer.concat(errors).toString() };
  }

  it('ends well when its reader has had enough', async () => {
    const { child, errors } = await begin();
    child.stdout.destroy();
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(errors()).toBe('');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends by %s, also while its reader does not read',
    async (signal) => {
      const { child } = await begin();
      child.stdout.pause();
      child.kill(signal);
      expect(await once(child, 'exit')).toEqual([null, signal]);
    },
  );

  it.each([
    [[], /no series is named/],
    [['binance:ALT/BTC'], /expected exchange:SYMBOL@interval/],
    [['binance:*/BTC@1m'], /name one series/],
    [['binance:ALT/BTC@1m,1h'], /name one series/],
    [['binance:ALT/BTC@7m'], /expected intervals/],
    [['binance:ALT/BTC@1m', '--from', 'yesterday'], /--from yesterday: /],
    [['binance:ALT/BTC@1m', '--from', '2025-01-02', '--to', '2025-01-01'], /--from is after --to/],
  ])('is refused, with what is wrong: %o', async (args, message) => {
    const { code, out, errors } = await runExport(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(errors).toMatch(message);
  });
});
