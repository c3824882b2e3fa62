import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Candle } from '../../src/candles/candle.js';
import { binanceCsv, publish, writeChecksum, writeZip } from '../support/archive-files.js';
import { ArchiveServer } from '../support/archive-server.js';
import { atEnd, workDirectory } from '../support/at-end.js';
import { BinanceServer } from '../support/binance-server.js';
import { completeCandles, gappyCandles, generateCandles, type CandleSet } from '../support/candle-files.js';
import {
  candlesPath,
  expectSameCandles,
  MINUTE,
  queryFile,
  readAllPages,
  readPage,
} from '../support/service-data.js';
import { ServiceProcess, type Exit } from '../support/service-process.js';

const OK: Exit = { code: 0, signal: null };
const DAY = 1440;

vi.setConfig({ testTimeout: 180_000 });

/** Runs `cryptoflow import` to its end. */
async function runImport(directory: string, ...args: string[]) {
  const process = ServiceProcess.spawn({ directory, command: ['import', ...args] });
  return { exit: await process.exited, output: process.output };
}

/** The file that a set was read from; one that is made where there is none. */
function fileOf({ source, candles }: CandleSet): string {
  if (existsSync(source)) return source;
  const path = join(workDirectory(), 'made.csv');
  const rows = candles.map((candle) => Object.values(candle).join(','));
  writeFileSync(path, `open_time,open,high,low,close,volume\n${rows.join('\n')}\n`);
  return path;
}

async function readBack(directory: string, symbol: string, from: number): Promise<Candle[]> {
  const service = await ServiceProcess.start({ directory, environment: { CRYPTOFLOW_ROLE: 'api' } });
  const query = { exchange: 'binance', symbol, interval: '1m', from, limit: 10_000 };
  const { candles } = await readAllPages(service, query);
  expect(service.complaints).toEqual([]);
  await service.stop('SIGINT');
  return candles;
}

const complete = completeCandles();
const gappy = gappyCandles();

describe(`importing ${complete.source} and ${gappy.source}`, () => {
  it.each([
    ['BTC/USDT', complete],
    ['ALT/BTC', gappy],
  ] as const)('%s is answered to the last digit, and its holes are nobody’s word', async (symbol, set) => {
    const directory = workDirectory();
    const args = [fileOf(set), '--symbol', symbol, '--interval', '1m'];
    const { exit, output } = await runImport(directory, ...args);
    expect(exit, output).toEqual(OK);
    expectSameCandles(await readBack(directory, symbol, 0), set.candles);
    const states = await queryFile(
      join(directory, 'data/cryptoflow.db'),
      'SELECT DISTINCT state FROM coverage',
    );
    expect(states).toEqual([{ state: 'have' }]);
    expect((await runImport(directory, ...args, '--check')).exit).toEqual(OK);
    const again = await runImport(directory, ...args);
    expect(again.output).toContain('0 candles stored');
  });
});

describe('the exit code', () => {
  const from = Date.UTC(2025, 0, 2);
  const day = generateCandles({ from, count: DAY });

  it.each([
    [[], /no file is named/],
    [['no-such.zip'], /there is no such file/],
    [['--nonsense', 'x.csv'], /nonsense/],
    [['x.csv', '--interval', '7m'], /unknown interval/],
    [['x.csv', '--symbol', 'BTCUSDT'], /expected BASE\/QUOTE/],
  ])('is 2 for %o', async (args, message) => {
    const { exit, output } = await runImport(workDirectory(), ...args);
    expect(exit.code).toBe(2);
    expect(output).toMatch(message);
  });

  it('is 0 for --help of each command', async () => {
    for (const command of [['--help'], ['serve', '--help'], ['import', '--help']]) {
      const process = ServiceProcess.spawn({ command });
      expect(await process.exited).toEqual(OK);
      expect(process.output).toContain('Usage: cryptoflow');
    }
  });

  it('is 3 where a file was refused, and 1 where a check finds a difference', async () => {
    const directory = workDirectory();
    const base = workDirectory();
    const good = await publish(base, { symbol: 'BTC/USDT', date: '2025-01-02', candles: day });
    const bad = await publish(base, { symbol: 'ETH/USDT', date: '2025-01-02', candles: day });
    writeChecksum(bad, { wrong: true });
    const { exit, output } = await runImport(directory, base);
    expect(exit.code, output).toBe(3);
    expect(output).toContain(`${bad}: refused: it is not the file that the .CHECKSUM beside it speaks of`);
    expect(output).toContain(`${good}: 1,440 candles stored`);
    expect(await readBack(directory, 'BTC/USDT', 0)).toHaveLength(DAY);

    const changed = day.map((candle, index) => (index === 700 ? { ...candle, volume: '7' } : candle));
    await writeZip(good, binanceCsv(changed));
    writeChecksum(good);
    const check = await runImport(directory, good, '--check');
    expect(check.exit.code).toBe(1);
    expect(check.output).toContain('1,439 the same, 1 different, 0 not stored');
  });
});

describe('a row that is no candle', () => {
  it('is told in the report, counted at its end, and shown by the API as it stands in the file', async () => {
    const directory = workDirectory();
    const path = join(directory, 'rows.csv');
    const rows = ['1672531200000,1,2,1,1.5,3', '1672531260000,1,2,1,1.5,-3', '1672531320000,1,2,0,1.5,3'];
    writeFileSync(path, `${rows.join('\n')}\n`);
    const args = [path, '--symbol', 'BTC/USDT', '--interval', '1m'];
    const { exit, output } = await runImport(directory, ...args);
    expect(exit.code, output).toBe(3);
    expect(output).toContain('1 candle stored');
    expect(output).toContain('2 rows refused: no candles, kept in quarantine:');
    expect(output).toContain(`line 2: its volume is negative (volume_negative): ${rows[1]}`);
    expect(output).toMatch(/1 file: 1 candle stored .*, 2 rows refused and kept in quarantine\n/);

    const service = await ServiceProcess.start({ directory, environment: { CRYPTOFLOW_ROLE: 'api' } });
    const { body } = await service.get('/api/v1/series/1/quarantine');
    expect(body).toMatchObject({
      quarantined: 2,
      rejections: 2,
      rows: [
        { reason: 'price_not_positive', payload: rows[2], openTime: 1_672_531_320_000, resolved: false },
        { reason: 'volume_negative', payload: rows[1], openTime: 1_672_531_260_000, resolved: false },
      ],
    });
  });
});

describe('beside a running service', () => {
  it('the series that it collects is handed over, and taken back', async () => {
    const end = Math.floor(Date.now() / MINUTE) * MINUTE;
    const recent = generateCandles({ from: end - 200 * MINUTE, count: 400, seed: 5 });
    const server = await BinanceServer.start({ markets: [{ symbol: 'BTC/USDT', candles: recent }] });
    atEnd(() => server.close());
    const environment = {
      CRYPTOFLOW_MARKETS: 'binance:BTC/USDT@1m',
      CRYPTOFLOW_BACKFILL: '90m',
      CRYPTOFLOW_EXCHANGES: server.urls(),
    };
    const service = await ServiceProcess.start({ environment });
    const held = () =>
      service.poll(
        '/api/health',
        ({ body }) => body.details?.collector?.workers?.[0]?.held === true,
        'the lease',
      );
    await held();

    const march = generateCandles({ from: Date.UTC(2023, 2, 1), count: 8 * DAY });
    const file = await publish(workDirectory(), { symbol: 'BTC/USDT', date: '2023-03', candles: march });
    const { exit, output } = await runImport(service.directory, file);
    expect(exit, output).toEqual(OK);
    const query = { exchange: 'binance', symbol: 'BTC/USDT', interval: '1m', limit: 10_000 };
    const first = await service.get(candlesPath({ ...query, from: march[0]!.openTime, order: 'asc' }));
    expectSameCandles(readPage(first.text).candles, march.slice(0, 10_000));

    await held();
    const [lease] = await queryFile<{ holder: string }>(
      service.database,
      `SELECT holder FROM job_lock WHERE name LIKE 'series:%'`,
    );
    expect(lease!.holder).toContain(`:${service.pid}:`);
    expect(service.complaints).toEqual([]);
    expect(await service.stop('SIGINT')).toEqual(OK);
  });
});

describe('an import that ends early', () => {
  const from = Date.UTC(2022, 0, 1);
  /** Of 25 commits, so that it is in the middle of them when the first is seen. */
  const many = generateCandles({ from, count: 100_000 });
  let args: string[];

  beforeAll(() => {
    const path = join(workDirectory(), 'many.csv');
    writeFileSync(path, binanceCsv(many));
    args = [path, '--symbol', 'BTC/USDT', '--interval', '1m'];
  });

  async function startAndWait(directory: string): Promise<ServiceProcess> {
    const process = ServiceProcess.spawn({ directory, command: ['import', ...args] });
    await process.until('some candles', async () => {
      if (!existsSync(`${process.database}-wal`)) return false;
      const rows = await queryFile(process.database, 'SELECT to_time FROM coverage').catch(() => []);
      return rows.length > 0;
    });
    return process;
  }

  it('by SIGKILL loses nothing that it has committed, and goes on where it was', async () => {
    const directory = workDirectory();
    const killed = await startAndWait(directory);
    expect(await killed.kill()).toEqual({ code: null, signal: 'SIGKILL' });
    const sum = 'SELECT (to_time - from_time) / 60000 AS count FROM coverage';
    const [before] = await queryFile<{ count: number }>(killed.database, sum);
    expect(before!.count).toBeGreaterThan(0);
    expect(before!.count).toBeLessThan(many.length);

    const { exit, output } = await runImport(directory, ...args);
    expect(exit, output).toEqual(OK);
    const had = before!.count.toLocaleString('en-US');
    const stored = (many.length - before!.count).toLocaleString('en-US');
    expect(output).toContain(`${stored} candles stored, ${had} there already`);
    expect(await queryFile(killed.database, sum)).toEqual([{ count: many.length }]);
    expect(await queryFile(killed.database, 'PRAGMA quick_check')).toEqual([{ quick_check: 'ok' }]);
    expectSameCandles(await readBack(directory, 'BTC/USDT', from), many);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s ends cleanly, and says how to go on', async (signal, code) => {
    const directory = workDirectory();
    const process = await startAndWait(directory);
    expect(await process.stop(signal)).toEqual({ code, signal: null });
    expect(process.output).toContain('run the same command again to go on');
    const leases = await queryFile(process.database, `SELECT name FROM job_lock WHERE holder <> ''`);
    expect(leases).toEqual([]);
  });
});

describe('backfill with an archive', () => {
  it('asks it first and the exchange for the rest, and keeps what the exchange would have given', async () => {
    const { archiveServer, server, environment, candles } = await exchangeWithArchive();
    const service = await ServiceProcess.start({ environment });
    await service.poll(
      '/api/v1/series',
      ({ body }) => body.series[0]?.count >= candles.length,
      `${candles.length} candles`,
    );
    const query = {
      exchange: 'binance',
      symbol: 'BTC/USDT',
      interval: '1m',
      from: candles[0]!.openTime,
      limit: 10_000,
    };
    const kept = (await readAllPages(service, query)).candles;
    expectSameCandles(kept.slice(0, candles.length), candles);

    expect(new Set(archiveServer.files).size).toBeGreaterThanOrEqual(4);
    const { text } = await service.get('/metrics');
    const figure = (name: string) => Number(new RegExp(`^cryptoflow_${name} (\\d+)$`, 'm').exec(text)?.[1]);
    // A look for the listing date may have taken one page from the exchange.
    expect(figure('archive_candles_total')).toBeGreaterThanOrEqual(4 * DAY - 1000);
    expect(figure('archive_compared_candles_total')).toBeGreaterThan(0);
    expect(figure('archive_differing_candles_total')).toBe(0);
    // What the archive has was asked of the exchange for the comparison only: a page of each file.
    const old = server
      .klineRequests()
      .filter(({ query }) => Number(query['startTime']) < candles[4 * DAY]!.openTime);
    expect(old.length).toBeLessThanOrEqual(5);
    expect(service.complaints).toEqual([]);
    expect(await service.stop('SIGINT')).toEqual(OK);
  });
});

/** Eight whole days and today; the first four are in the archive. */
async function exchangeWithArchive() {
  const today = Math.floor(Date.now() / (DAY * MINUTE)) * DAY * MINUTE;
  const from = today - 8 * DAY * MINUTE;
  const now = Math.floor(Date.now() / MINUTE) * MINUTE;
  const all = generateCandles({ from, count: (now - from) / MINUTE + 60 });
  const base = workDirectory();
  for (let index = 0; index < 4; index += 1) {
    const date = new Date(from + index * DAY * MINUTE).toISOString().slice(0, 10);
    const candles = all.slice(index * DAY, (index + 1) * DAY);
    await publish(base, { symbol: 'BTC/USDT', date, candles, unit: 'us' });
  }
  const archiveServer = await ArchiveServer.start(base);
  const server = await BinanceServer.start({ markets: [{ symbol: 'BTC/USDT', candles: all }] });
  atEnd(() => archiveServer.close());
  atEnd(() => server.close());
  const environment = {
    CRYPTOFLOW_MARKETS: 'binance:BTC/USDT@1m',
    CRYPTOFLOW_BACKFILL: new Date(from).toISOString(),
    CRYPTOFLOW_EXCHANGES: server.urls(),
    CRYPTOFLOW_ARCHIVE: archiveServer.url,
  };
  return { archiveServer, server, environment, candles: all.filter(({ openTime }) => openTime < now) };
}
