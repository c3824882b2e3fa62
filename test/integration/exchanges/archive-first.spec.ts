import { existsSync, mkdirSync, readdirSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Candle } from '../../../src/candles/candle.js';
import { DirectoryArchive } from '../../../src/exchanges/archive/directory-archive.js';
import { HttpArchive } from '../../../src/exchanges/archive/http-archive.js';
import { openArchiveClient, walkBack } from '../../support/archive-client.js';
import { archiveName, publish, writeChecksum } from '../../support/archive-files.js';
import { ArchiveServer } from '../../support/archive-server.js';
import { atEnd, workDirectory } from '../../support/at-end.js';
import { rateLimited } from '../../support/binance-server.js';
import { generateCandles } from '../../support/candle-files.js';
import { openTestDatabase } from '../../support/database.js';
import { openTestGuards } from '../../support/exchange-guards.js';
import { expectSameCandles, MINUTE } from '../../support/service-data.js';

const DAY = 1440 * MINUTE;
/** From milliseconds into microseconds: 30 December 2024 to 12 January 2025. */
const from = Date.UTC(2024, 11, 30);
const to = Date.UTC(2025, 0, 12);
const now = Date.UTC(2025, 0, 15);
const truth = generateCandles({ from, count: (to - from) / MINUTE });

const within = (start: number, end: number) =>
  truth.filter(({ openTime }) => openTime >= start && openTime < end);

/** What the file of December has before the history that is looked at. */
const early = generateCandles({ from: Date.UTC(2024, 11, 28), count: 2 * 1440, seed: 9 });

/** An archive's folder with the file of December, and those of the first days of January up to `days`. */
async function makeArchive({ days = 11, change = (candles: Candle[]) => candles } = {}): Promise<string> {
  const base = workDirectory();
  const december = change(within(from, Date.UTC(2025, 0, 1)));
  await publish(base, { symbol: 'BTC/USDT', date: '2024-12', candles: [...early, ...december] });
  for (let day = 0; day < days; day += 1) {
    const start = Date.UTC(2025, 0, 1) + day * DAY;
    const date = new Date(start).toISOString().slice(0, 10);
    await publish(base, {
      symbol: 'BTC/USDT',
      date,
      candles: change(within(start, start + DAY)),
      unit: 'us',
      header: day % 2 === 0,
    });
  }
  return base;
}

async function overHttp(base: string) {
  const archive = await ArchiveServer.start(base);
  atEnd(() => archive.close());
  const source = new HttpArchive(`${archive.url}/`);
  return { archive, ...(await openArchiveClient(source, truth, now)) };
}

describe('years of history, page by page from the API (freqtrade PR 10858): old pages of binance', () => {
  it('come from the files of months that are over, else of days, and are the exchange’s to the last digit', async () => {
    const { client, server, archive, events, folder, log } = await overHttp(await makeArchive());
    expectSameCandles(await walkBack(client, { from, to: to - DAY }), within(from, to - DAY));
    // Each file was fetched once; of each, one page was compared.
    expect(archive.files.filter((name) => name.startsWith('daily'))).toHaveLength(10);
    expect(archive.files.filter((name) => name === archiveName('BTC/USDT', '1m', '2024-12'))).toHaveLength(1);
    expect(archive.files.filter((name) => name.includes('2025-01.zip'))).toEqual([]); // not over yet
    expect(server.klineRequests()).toHaveLength(11);
    const compared = events.filter((event) => event.kind === 'compared');
    expect(compared.length).toBe(11);
    expect(compared.every(({ differing }) => differing === 0)).toBe(true);
    expect(log.events.filter(({ level }) => level === 'warn')).toEqual([]);
    // Files that are used up are gone; the folder, too, in the end.
    const [own] = readdirSync(folder);
    expect(readdirSync(join(folder, own!)).length).toBeLessThanOrEqual(1);
    await client.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('come from there also while the exchange refuses to be asked: they are not of its budget', async () => {
    const test = await openTestDatabase();
    const { client, server } = await openArchiveClient(
      new DirectoryArchive(await makeArchive({ days: 10 })),
      truth,
      now,
      (clock) => openTestGuards(test, clock).guards,
    );
    const ask = (start: number) =>
      client.fetchCandles({ symbol: 'BTC/USDT', interval: '1m', from: start, to: start + 1000 * MINUTE });
    server.fault = () => rateLimited(600, 418);
    await expect(ask(to - DAY)).rejects.toMatchObject({ code: 'EXCHANGE_HELD_BACK', reason: 'banned' });
    const asked = server.requests.length;
    const page = await ask(from);
    expectSameCandles(page.closed, within(from, from + 1000 * MINUTE));
    await expect(ask(to - DAY)).rejects.toMatchObject({ code: 'EXCHANGE_HELD_BACK' });
    expect(server.requests).toHaveLength(asked);
  });

  it('come from a folder just as well', async () => {
    const { client, server } = await openArchiveClient(new DirectoryArchive(await makeArchive()), truth, now);
    expectSameCandles(await walkBack(client, { from, to: to - DAY }), within(from, to - DAY));
    expect(server.klineRequests()).toHaveLength(11);
  });

  it('that are less than three days old come from the API, and nobody asks the archive', async () => {
    const { client, archive, server } = await overHttp(await makeArchive());
    const start = now - 4 * DAY;
    const page = { symbol: 'BTC/USDT', interval: '1m', from: start, to: now - 3 * DAY + MINUTE } as const;
    expect((await client.fetchCandles(page)).closed).toHaveLength(1000);
    expect(archive.requests).toEqual([]);
    expect(server.klineRequests()).toHaveLength(1);
  });
});

describe('what the archive does not have', () => {
  it('comes from the API; a file that is not there is not asked for again for an hour', async () => {
    const { client, archive, server, clock } = await overHttp(await makeArchive({ days: 5 }));
    expectSameCandles(await walkBack(client, { from, to: to - DAY }), within(from, to - DAY));
    const tenth = archiveName('BTC/USDT', '1m', '2025-01-10');
    const asked = () => archive.files.filter((name) => name === tenth).length;
    expect(asked()).toBe(1);
    const page = {
      symbol: 'BTC/USDT',
      interval: '1m',
      from: Date.UTC(2025, 0, 10),
      to: Date.UTC(2025, 0, 10, 1),
    } as const;
    const before = server.klineRequests().length;
    await client.fetchCandles(page);
    expect(asked()).toBe(1);
    clock.advance(3_600_000);
    await client.fetchCandles(page);
    expect(asked()).toBe(2);
    expect(server.klineRequests().length).toBe(before + 2);
  });

  it('of a short file comes from the API (binance-public-data 169)', async () => {
    const hole = Date.UTC(2025, 0, 5, 6);
    const without = (candles: Candle[]) =>
      candles.filter(({ openTime }) => openTime < hole || openTime >= hole + 10 * MINUTE);
    const { client, server } = await overHttp(await makeArchive({ change: without }));
    expectSameCandles(await walkBack(client, { from, to: to - DAY }), within(from, to - DAY));
    const asked = server
      .klineRequests()
      .map(({ query }) => [Number(query['startTime']), Number(query['limit'])] as const);
    expect(asked.some(([start, count]) => start <= hole && start + count * MINUTE > hole)).toBe(true);
  });

  it.each([500, 503, 'cut'] as const)('for now (%s) comes from the API', async (fault) => {
    const { client, archive, log } = await overHttp(await makeArchive());
    archive.fault = () => fault;
    expectSameCandles(
      await walkBack(client, { from: to - 3 * DAY, to: to - DAY }),
      within(to - 3 * DAY, to - DAY),
    );
    expect(log.named('archive.unavailable').length).toBeGreaterThan(0);
    // Each file was asked for once, and then left alone.
    expect(new Set(archive.files).size).toBe(archive.files.length);
  });

  it('in one piece comes from the API (binance-public-data 249)', async () => {
    const base = await makeArchive();
    writeChecksum(join(base, archiveName('BTC/USDT', '1m', '2025-01-09')), { wrong: true });
    const cut = join(base, archiveName('BTC/USDT', '1m', '2025-01-10'));
    truncateSync(cut, 30_000);
    writeChecksum(cut);
    const { client, log, events } = await overHttp(base);
    expectSameCandles(
      await walkBack(client, { from: to - 4 * DAY, to: to - DAY }),
      within(to - 4 * DAY, to - DAY),
    );
    const refused = log.named('archive.file.refused').map(({ file }) => String(file).slice(-14, -4));
    expect(refused.toSorted()).toEqual(['2025-01-09', '2025-01-10']);
    expect(events.filter((event) => event.kind === 'file' && event.outcome === 'refused')).toHaveLength(2);
  });
});

describe('rows of the archive that are no candles', () => {
  it('are handed out as what was rejected, with the page of their time, and the API is asked for it', async () => {
    const bad = Date.UTC(2025, 0, 5, 12);
    const change = (candles: Candle[]) =>
      candles.map((candle) => (candle.openTime === bad ? { ...candle, low: '0' } : candle));
    const { client } = await overHttp(await makeArchive({ change }));
    const page = { symbol: 'BTC/USDT', interval: '1m' } as const;
    const ask = (start: number) => client.fetchCandles({ ...page, from: start, to: start + 500 * MINUTE });
    const before = await ask(bad - 500 * MINUTE);
    expect(before.rejected).toBeUndefined();
    const { closed, rejected } = await ask(bad);
    expectSameCandles(closed, within(bad, bad + 500 * MINUTE));
    expect(rejected).toEqual([
      {
        openTime: bad,
        reason: 'price_not_positive',
        payload: expect.stringMatching(new RegExp(`^${bad}000,.*,0\\.00000000,`)),
      },
    ]);
  });
});

describe('an archive that differs from the API (binance-public-data 115)', () => {
  it('is found out by the sample, counted, and the API’s version is what comes', async () => {
    const wrong = (candles: Candle[]) =>
      candles.map((candle) =>
        candle.openTime === Date.UTC(2025, 0, 5, 20) ? { ...candle, volume: '1.00000001' } : candle,
      );
    const { client, log, events } = await overHttp(await makeArchive({ change: wrong }));
    expectSameCandles(await walkBack(client, { from, to: to - DAY }), within(from, to - DAY));
    expect(log.named('archive.differs')).toMatchObject([{ differing: 1, archive: { volume: '1.00000001' } }]);
    const differing = events.flatMap((event) => (event.kind === 'compared' ? [event.differing] : []));
    expect(differing.reduce((sum, number) => sum + number, 0)).toBe(1);
  });

  it('is used without a comparison while the API cannot be asked', async () => {
    const { client, server, events } = await overHttp(await makeArchive());
    server.fault = ({ path }) => (path === '/api/v3/klines' ? { status: 503 } : undefined);
    const day = { from: Date.UTC(2025, 0, 7), to: Date.UTC(2025, 0, 8) };
    expectSameCandles(await walkBack(client, day), within(day.from, day.to));
    expect(events.filter(({ kind }) => kind === 'compared')).toEqual([]);
  });
});

describe('what a killed process left', () => {
  it('is removed when it is old, and no other process’s', async () => {
    const { client, folder } = await openArchiveClient(new DirectoryArchive(await makeArchive()), truth, now);
    const make = (name: string, changed: number) => {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, '1.csv'), 'x');
      utimesSync(join(folder, name), changed / 1000, changed / 1000);
    };
    make('.archive-4194305-old', now - DAY); // no such process: beyond the largest id that Linux gives
    make('.archive-4194305-new', now - MINUTE);
    make(`.archive-${process.pid}-own`, now - DAY);
    await walkBack(client, { from: to - 3 * DAY, to: to - 2 * DAY });
    expect(existsSync(join(folder, '.archive-4194305-old'))).toBe(false);
    expect(existsSync(join(folder, '.archive-4194305-new'))).toBe(true);
    expect(existsSync(join(folder, `.archive-${process.pid}-own`))).toBe(true);
  });
});
