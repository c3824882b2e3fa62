import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seriesLease } from '../../../src/candles/series-leases.js';
import type { FileReport } from '../../../src/importing/file-report.js';
import { backfillWindow } from '../../../src/collector/collection-plan.js';
import { binanceCsv, publish, writeChecksum, writeZip } from '../../support/archive-files.js';
import { generateCandles } from '../../support/candle-files.js';
import { openImporter } from '../../support/importing.js';
import { expectSameCandles, MINUTE } from '../../support/service-data.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const DAY = 1440;
const from = Date.UTC(2025, 0, 2);
const day = generateCandles({ from, count: DAY });
const nextDay = generateCandles({ from: from + DAY * MINUTE, count: DAY, seed: 2 });
const NAME = 'BTCUSDT-1m-2025-01-02';

function only(reports: Map<string, FileReport>): FileReport {
  expect(reports.size).toBe(1);
  return [...reports.values()][0]!;
}

function rowsOf(report: FileReport) {
  if (!('rows' in report)) throw new Error(JSON.stringify(report));
  return report.rows;
}

describe('a file of Binance’s archive, in milliseconds and, from 2025 on, microseconds', () => {
  it.each([
    { header: false, unit: 'ms', form: 'zip' },
    { header: true, unit: 'ms', form: 'zip' },
    { header: false, unit: 'us', form: 'zip' },
    { header: true, unit: 'us', form: 'csv' },
    { header: false, unit: 'ms', form: 'csv' },
  ] as const)('$form in $unit, header: $header, is stored to the last digit', async ({ form, ...rows }) => {
    const { run, stored, kept, candles } = await openImporter();
    const path = join(temporaryDirectory(), `${NAME}.${form}`);
    if (form === 'zip') await writeZip(path, binanceCsv(day, rows));
    else writeFileSync(path, binanceCsv(day, rows));
    writeChecksum(path);
    expect(only(await run([path]))).toMatchObject({
      outcome: 'imported',
      short: 0,
      rows: { stored: DAY, refused: 0 },
    });
    expectSameCandles(await stored(), day);
    const { series } = await kept.find('binance', 'BTC/USDT', '1m');
    expect(await candles.coverage(series)).toEqual([{ from, to: from + DAY * MINUTE, state: 'have' }]);
  });

  it('is not read again when all of it is there', async () => {
    const { run } = await openImporter();
    const path = await publish(temporaryDirectory(), {
      symbol: 'BTC/USDT',
      date: '2025-01-02',
      candles: day,
    });
    await run([path]);
    truncateSync(path, 10);
    expect(only(await run([path]))).toEqual({ outcome: 'complete' });
  });
});

describe('a file that is not what it should be (binance-public-data 169, 115, 249)', () => {
  const damages: Record<string, (path: string) => void | Promise<void>> = {
    'with another checksum': (path) => writeChecksum(path, { wrong: true }),
    'with a checksum that is none': (path) => writeFileSync(`${path}.CHECKSUM`, '<html>404</html>'),
    'cut off': (path) => truncateSync(path, 20_000),
    empty: (path) => truncateSync(path, 0),
    'with a flipped byte': (path) => {
      const bytes = readFileSync(path);
      bytes[20_000]! ^= 0xff;
      writeFileSync(path, bytes);
    },
    'that is a web page': (path) => writeFileSync(path, '<html>Not found</html>'),
    'with nothing in it': (path) => writeZip(path, ''),
    'of trades': (path) => writeZip(path, '1,0.5,100,50,x,True,True\n'.repeat(2000)),
    'without a column': (path) => writeZip(path, 'open_time,open,high,low,close\n'),
    'of another day': (path) => writeZip(path, binanceCsv(nextDay)),
  };

  it.each(Object.keys(damages))(
    '%s: is refused, nothing of it is stored, and the others go on',
    async (damage) => {
      const { run, stored } = await openImporter();
      const folder = temporaryDirectory();
      const bad = await publish(folder, { symbol: 'BTC/USDT', date: '2025-01-02', candles: day });
      rmSync(`${bad}.CHECKSUM`);
      await damages[damage]!(bad);
      const good = await publish(folder, { symbol: 'BTC/USDT', date: '2025-01-03', candles: nextDay });
      const reports = await run([folder]);
      expect(reports.get(bad)).toMatchObject({ outcome: 'refused', reason: expect.any(String) });
      expect(reports.get(good)).toMatchObject({ outcome: 'imported' });
      expectSameCandles(await stored(), nextDay);
    },
  );

  it('damaged near its end, with no checksum beside it: nothing of what comes before is stored', async () => {
    const { run, stored } = await openImporter();
    const many = generateCandles({ from: Date.UTC(2023, 2, 1), count: 31 * DAY });
    const path = await publish(temporaryDirectory(), { symbol: 'BTC/USDT', date: '2023-03', candles: many });
    rmSync(`${path}.CHECKSUM`);
    const bytes = readFileSync(path);
    bytes[bytes.length - 5000]! ^= 0xff;
    writeFileSync(path, bytes);
    expect(only(await run([path]))).toMatchObject({ outcome: 'refused' });
    expect(await stored()).toEqual([]);
  });

  it('short: what it lacks is nobody’s word, and backfill asks the exchange for just that', async () => {
    const { run, kept, candles } = await openImporter();
    const short = [...day.slice(0, 300), ...day.slice(340, 1400)];
    const path = await publish(temporaryDirectory(), {
      symbol: 'BTC/USDT',
      date: '2025-01-02',
      candles: short,
    });
    expect(only(await run([path]))).toMatchObject({ outcome: 'imported', short: 80, rows: { stored: 1360 } });
    const { series } = await kept.find('binance', 'BTC/USDT', '1m');
    const spans = await candles.coverage(series);
    expect(spans.map(({ state }) => state)).toEqual(['have', 'have']);
    const plan = { interval: '1m', pageSize: 1000, start: from, before: from + DAY * MINUTE } as const;
    expect(backfillWindow(spans, plan)).toEqual({ from: from + 1400 * MINUTE, to: from + DAY * MINUTE });
    const later = { ...plan, before: from + 1400 * MINUTE };
    expect(backfillWindow(spans, later)).toEqual({ from: from + 300 * MINUTE, to: from + 340 * MINUTE });
  });
});

describe('rows', () => {
  const csv = (lines: readonly string[]) => {
    const path = join(temporaryDirectory(), 'rows.csv');
    writeFileSync(path, `\uFEFFdate,open,high,low,close,volume\r\n${lines.join('\r\n')}`);
    return path;
  };
  const options = { exchange: 'other', symbol: 'BTC/USDT', interval: '1m' } as const;

  const now = Date.UTC(2026, 0, 1, 12, 0, 30);
  const bad = [
    ['2023-01-01 00:01:30,1,1,1,1,1', 'off_grid'],
    ['2023-01-01 00:02,1,NaN,1,1,1', 'figure_unreadable'],
    ['2023-01-01 00:03,1,2,1.1,1.5,1', 'price_outside_range'],
    ['2023-01-01 00:04,1,2,0.5,2.5,1', 'price_outside_range'],
    ['2023-01-01 00:05,1,2,0.5,1.5,-1', 'volume_negative'],
    ['2023-01-01 00:06,1,2,0.5,1.5', 'figure_unreadable'],
    ['yesterday,1,2,0.5,1.5,1', 'time_unreadable'],
    ['2026-01-01 12:00,1,1,1,1,1', 'still_open'],
    ['2999-01-01,1,1,1,1,1', 'not_begun'],
    ['"2023-01-01 00:09","1","2","-0.5","1.5","1"', 'price_not_positive'],
    // What a file of minutes without trades is filled with; as a low it would fake a crash.
    ['2023-01-01 00:10,1,2,0,1.5,1', 'price_not_positive'],
    ['2023-01-01 00:00,9,9,9,9,9', 'contradictory'],
  ] as const;

  it('that are no candles go into quarantine as they stand there, counted and told, and the others are stored', async () => {
    const { run, stored, kept, quarantined } = await openImporter('30s', now);
    const path = csv([
      '2023-01-01 00:00:00,1.50,2,1e0,1.7,0',
      ...bad.map(([row]) => row),
      '1672532400,0.00000010,2,0.00000001,1.5,123456789012345678901234567890.123456789',
    ]);
    const rows = rowsOf(only(await run([path], options)));
    expect(rows).toMatchObject({ stored: 2, refused: bad.length });
    expect(rows.refusals.map(({ line, payload, reason }) => [line, payload, reason])).toEqual(
      bad.slice(0, 5).map(([row, reason], index) => [index + 3, row, reason]),
    );
    expect(await stored()).toEqual([
      { openTime: Date.UTC(2023, 0, 1), open: '1.5', high: '2', low: '1', close: '1.7', volume: '0' },
      {
        openTime: 1_672_532_400_000,
        open: '0.0000001',
        high: '2',
        low: '0.00000001',
        close: '1.5',
        volume: '123456789012345678901234567890.123456789',
      },
    ]);
    const page = await quarantined();
    const told = page.rows.map(({ payload, reason }) => [payload, reason]);
    expect(told).toHaveLength(bad.length);
    expect(told).toEqual(expect.arrayContaining(bad.map((row) => [...row])));
    expect(page.rejections).toBe(bad.length);
    const { series } = await kept.find('other', 'BTC/USDT', '1m');
    expect(await kept.get(series.id)).toMatchObject({ quarantined: bad.length });

    // The same rows again are counted, and not kept twice.
    await run([path], options);
    expect(await quarantined()).toMatchObject({ rejections: 2 * bad.length });
    expect((await quarantined()).rows).toHaveLength(bad.length);
  });

  it('of another time than the name of their file tells are in quarantine too', async () => {
    const { run, stored, quarantined } = await openImporter();
    const path = join(temporaryDirectory(), `${NAME}.csv`);
    writeFileSync(path, binanceCsv([...day, nextDay[0]!]));
    expect(rowsOf(only(await run([path])))).toMatchObject({ stored: DAY, refused: 1 });
    expectSameCandles(await stored(), day);
    const { rows } = await quarantined();
    expect(rows).toMatchObject([{ reason: 'outside_period', openTime: nextDay[0]!.openTime }]);
  });

  it('leave nothing behind where their file is refused, or only compared', async () => {
    const { run, reader } = await openImporter('30s', now);
    const path = csv(bad.slice(0, -1).map(([row]) => row));
    expect(only(await run([path], options))).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining('line 2: it does not open on the grid'),
    });
    const compared = csv(['2023-01-01 00:00,1,1,1,1,1', bad[1][0]]);
    expect(rowsOf(only(await run([compared], { ...options, check: true })))).toMatchObject({ refused: 1 });
    expect(await reader.query('SELECT * FROM quarantine')).toEqual([]);
  });

  it('before the first candle wait for it, and come into quarantine with it', async () => {
    const { run, quarantined } = await openImporter();
    const before = Array.from({ length: 9000 }, (_, index) => `2023-01-01 00:00,1,NaN,1,1,${index}`);
    const rows = rowsOf(only(await run([csv([...before, '2023-01-01 00:01,1,1,1,1,1'])], options)));
    expect(rows).toMatchObject({ stored: 1, refused: before.length });
    const { rows: page, rejections } = await quarantined();
    expect(page).toHaveLength(1000);
    expect(rejections).toBeGreaterThan(page.length);
  });

  it.each([
    ['1w', Date.UTC(2023, 0, 5), 7 * DAY, 3 * DAY],
    ['1d', Date.UTC(2023, 0, 4, 16), DAY, -480],
    ['6h', Date.UTC(2023, 0, 4, 16), 360, -120],
  ] as const)(
    'that open by another grid than UTC’s are taken by it, as those of an exchange: %s',
    async (interval, start, step, anchor) => {
      const { run, stored, kept, candles: store } = await openImporter();
      const candles = generateCandles({ from: start, count: 9, step: step * MINUTE });
      const path = csv(candles.slice(0, 5).map((candle) => Object.values(candle).join(',')));
      const own = { ...options, interval };
      expect(rowsOf(only(await run([path], own)))).toMatchObject({ stored: 5, refused: 0 });
      const { series } = await kept.find('other', 'BTC/USDT', interval);
      expect(await kept.get(series.id)).toMatchObject({ anchor: anchor * MINUTE, count: 5 });
      expect(await store.coverage(series)).toEqual([
        { from: start, to: start + 5 * step * MINUTE, state: 'have' },
      ]);

      // One row is no grid of its own, but fits into that of the series; one off it does not.
      const [next, last] = [candles[5]!, candles[6]!];
      const more = [next, { ...last, openTime: last.openTime + MINUTE }];
      const second = csv(more.map((candle) => Object.values(candle).join(',')));
      expect(rowsOf(only(await run([second], own)))).toMatchObject({ stored: 1, refused: 1 });
      expectSameCandles(await stored(), candles.slice(0, 6));
    },
  );

  it('in any order, and twice, are stored once; of two that contradict each other the first', async () => {
    const { run, stored } = await openImporter();
    const lines = day.toReversed().map((candle) => Object.values(candle).join(','));
    const path = csv([...lines, lines[7]!, lines[9]!.replace(/,[^,]*$/, ',999')]);
    const rows = rowsOf(only(await run([path], options)));
    expect(rows).toMatchObject({ stored: DAY, had: 1, refused: 1 });
    expect(rows.refusals[0]).toMatchObject({ line: DAY + 3, reason: 'contradictory' });
    expectSameCandles(await stored(), day);
  });

  it('of our own export come back as they were', async () => {
    const { run, stored } = await openImporter();
    const path = join(temporaryDirectory(), 'export.csv');
    const lines = day.map((candle) => Object.values(candle).join(','));
    writeFileSync(path, `open_time,open,high,low,close,volume\n${lines.join('\n')}`);
    expect(only(await run([path], options))).toMatchObject({ outcome: 'imported' });
    expectSameCandles(await stored(), day);
  });
});

describe('what is stored already', () => {
  it('is not changed by a file that says something else; a check tells where they differ', async () => {
    const { run, stored, candles, locks, reader } = await openImporter();
    const series = await candles.ensureSeries('binance', 'BTC/USDT', '1m');
    const lease = await locks.acquire(seriesLease(series.id));
    const own = day.slice(100, 200).map((candle) => ({ ...candle, volume: '42' }));
    const span = { from: own[0]!.openTime, to: own.at(-1)!.openTime + MINUTE, state: 'have' } as const;
    await candles.commit(lease!, { series, candles: own, spans: [span] }, { lane: 'live' });
    await locks.release(lease!);

    const path = await publish(temporaryDirectory(), {
      symbol: 'BTC/USDT',
      date: '2025-01-02',
      candles: day,
    });
    expect(rowsOf(only(await run([path], { check: true })))).toMatchObject({
      same: 0,
      differing: 100,
      absent: 1340,
    });
    expect(await stored()).toEqual(own);
    expect(rowsOf(only(await run([path])))).toMatchObject({ stored: 1340, had: 100 });
    const all = [...day.slice(0, 100), ...own, ...day.slice(200)];
    expectSameCandles(await stored(), all);
    expect(await reader.query('SELECT * FROM candle_revision')).toEqual([]);
    const rows = rowsOf(only(await run([path], { check: true })));
    expect(rows).toMatchObject({ same: 1340, differing: 100, absent: 0 });
    expect(rows.differences).toHaveLength(5);
    expect(rows.differences[0]).toEqual({ file: day[100], stored: own[0] });
  });
});

describe('an import that is stopped', () => {
  const march = generateCandles({ from: Date.UTC(2023, 2, 1), count: 16 * DAY });

  it('keeps what it has committed, gives the series back, and goes on where it was', async () => {
    const { run, stored, locks, candles } = await openImporter();
    const path = await publish(temporaryDirectory(), { symbol: 'BTC/USDT', date: '2023-03', candles: march });
    const stop = new AbortController();
    const progress = (...[, done]: unknown[]) =>
      void ((done as number) > 0.5 && stop.abort(new Error('stop')));
    await expect(run([path], {}, { signal: stop.signal, progress })).rejects.toThrow('stop');
    const before = await stored();
    expect(before.length).toBeGreaterThan(march.length / 4);
    expect(before.length).toBeLessThan(march.length);
    expect(locks.leases).toEqual([]);
    const series = await candles.ensureSeries('binance', 'BTC/USDT', '1m');
    const last = before.at(-1)!.openTime + MINUTE;
    expect(await candles.coverage(series)).toEqual([{ from: march[0]!.openTime, to: last, state: 'have' }]);

    const rows = rowsOf(only(await run([path])));
    expect(rows).toMatchObject({ had: before.length, stored: march.length - before.length });
    expectSameCandles(await stored(), march);
  });

  it('by the loss of its lease takes it again, and stores nothing twice', async () => {
    const { run, stored, writer, log } = await openImporter();
    const path = await publish(temporaryDirectory(), { symbol: 'BTC/USDT', date: '2023-03', candles: march });
    let robbed: Promise<unknown> | undefined;
    const progress = (...[, done]: unknown[]) => {
      // Somebody took it, and has given it back since: the fence is another's.
      if ((done as number) > 0.5)
        robbed ??= writer.query(
          `UPDATE job_lock SET fence = fence + 1, holder = '', expires_at = 0 WHERE name LIKE 'series:%'`,
        );
    };
    expect(rowsOf(only(await run([path], {}, { progress })))).toMatchObject({ refused: 0 });
    await robbed;
    expect(log.events.map(({ event }) => event)).toContain('lock.lost');
    expectSameCandles(await stored(), march);
  });
});

describe('several files', () => {
  it('of several markets are found in folders and by patterns, each once', async () => {
    const { run, stored } = await openImporter();
    const folder = temporaryDirectory();
    const first = await publish(folder, { symbol: 'BTC/USDT', date: '2025-01-02', candles: day });
    await publish(folder, {
      symbol: 'ETH/BTC',
      date: '2025-01-02',
      candles: nextDay.map((c, i) => ({ ...c, openTime: day[i]!.openTime })),
    });
    copyFileSync(first, join(folder, 'notes.txt'));
    const reports = await run([first, join(folder, '**', '*-2025-01-??.zip'), folder]);
    expect([...reports.values()].map(({ outcome }) => outcome)).toEqual(['imported', 'imported']);
    expectSameCandles(await stored(), day);
    expect(await stored('ETH/BTC')).toHaveLength(DAY);
    await expect(run([join(folder, '*.none')])).rejects.toThrow('no file matches it');
    await expect(run([join(folder, 'none.zip')])).rejects.toThrow('there is no such file');
  });
});
