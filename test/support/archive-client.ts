import { join } from 'node:path';
import type { Candle } from '../../src/candles/candle.js';
import type { ArchiveEvent } from '../../src/exchanges/archive/archive-events.js';
import { ArchiveFolder } from '../../src/exchanges/archive/archive-folder.js';
import type { ArchiveSource } from '../../src/exchanges/archive/archive-source.js';
import { CandleArchive } from '../../src/exchanges/archive/candle-archive.js';
import type { ExchangeClient } from '../../src/exchanges/exchange-client.js';
import type { ExchangeGuard } from '../../src/exchanges/exchange-guard.js';
import { ExchangeRegistry } from '../../src/exchanges/exchange-registry.js';
import { atEnd, workDirectory } from './at-end.js';
import { BinanceServer } from './binance-server.js';
import { ManualClock } from './fixtures/manual-clock.js';
import { RecordingLog } from './fixtures/recording-log.js';

/** ccxt's binance over a server that has `candles`, with an archive before it, and between the two a guard, if given. */
export async function openArchiveClient(
  source: ArchiveSource,
  candles: readonly Candle[],
  now: number,
  guard?: (clock: ManualClock) => ExchangeGuard,
) {
  const clock = new ManualClock(now);
  const server = await BinanceServer.start({
    markets: [{ symbol: 'BTC/USDT', candles }],
    marketDataOnly: true,
    now: () => clock.now(),
  });
  const log = new RecordingLog();
  const folder = workDirectory();
  const archive = new CandleArchive(
    source,
    new ArchiveFolder(join(folder, '.archive-'), () => clock.now()),
    clock,
    log,
  );
  const options = { binance: { ...server.exchangeOptions().binance, enableRateLimit: false } };
  const client = new ExchangeRegistry([], options, clock, archive, guard?.(clock)).get('binance');
  await client.markets();
  const events: ArchiveEvent[] = [];
  archive.events.observe((event) => void events.push(event));
  const tearDown = async () => {
    await client.close();
    await server.close();
  };
  atEnd(tearDown);
  return { client, clock, server, log, folder, events, tearDown };
}

/** Asks for pages as backfill does, from the newest to the oldest. @returns what came, ascending, and the requests */
export async function walkBack(
  client: ExchangeClient,
  { from, to, page = 1000 }: { from: number; to: number; page?: number },
): Promise<Candle[]> {
  const gaps = [{ from, to }];
  const all: Candle[] = [];
  for (let gap = gaps.pop(); gap; gap = gaps.pop()) {
    const start = Math.max(gap.from, gap.to - page * 60_000);
    const { closed } = await client.fetchCandles({
      symbol: 'BTC/USDT',
      interval: '1m',
      from: start,
      to: gap.to,
    });
    all.push(...closed);
    const last = closed.at(-1);
    if (start > gap.from) gaps.push({ from: gap.from, to: start });
    if (last && last.openTime + 60_000 < gap.to) gaps.push({ from: last.openTime + 60_000, to: gap.to });
  }
  return all.toSorted((a, b) => a.openTime - b.openTime);
}
