import { describe, expect, it, onTestFinished } from 'vitest';
import { BinanceServer, rateLimited } from '../../support/binance-server.js';
import { between as isBetween, having } from '../../support/binance/misdeeds.js';
import { generateCandles } from '../../support/candle-files.js';
import { openTestCollector } from '../../support/collector.js';
import { ManualClock } from '../../support/fixtures/manual-clock.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2024, 0, 1);
/** Twelve hours of candles before it, and twelve after. */
const NOW = START + 12 * HOUR + 2000;
const CANDLES = generateCandles({ from: START, count: 24 * 60 });

const between = (from: number, to = Infinity) =>
  CANDLES.filter(({ openTime }) => openTime >= from && openTime < to);
const times = (from: number, to: number) => between(from, to).map(({ openTime }) => openTime);

async function openServer() {
  const clock = new ManualClock(NOW);
  const server = await BinanceServer.start({ now: () => clock.now() });
  onTestFinished(() => server.close());
  // Nothing that lies in the future is served.
  const list = (symbol: string, { from = START, to = Infinity, status = 'TRADING' } = {}) => {
    const candles = between(from, to);
    server.setMarket({
      symbol,
      status,
      get candles() {
        return candles.filter(({ openTime }) => openTime <= clock.now());
      },
    });
  };
  const lists = () => server.requests.filter(({ path }) => path.endsWith('/exchangeInfo')).length;
  return { clock, server, list, lists };
}

/** With a market beside the one that is looked at, so that the list never loses half of itself. */
async function openMarkets({ markets = 'binance:*/USDT@1m', backfill = '1h', guarded = false } = {}) {
  const test = await openServer();
  for (const symbol of ['BTC/USDT', 'ETH/USDT', 'SOL/USDT', 'OLD/USDT']) test.list(symbol);
  const collector = await openTestCollector(test.server, test.clock, { markets, backfill, guarded });
  const isKept = async (symbol: string) => (await collector.openTimes(symbol)).length > 0;
  const isIn = (symbol: string, state: string) => async () =>
    (await collector.series(symbol))?.state === state;
  return { ...test, ...collector, isKept, isIn };
}

/** While nobody collects, a market trades on for two hours, and then no more; the collector that starts then has seen it. */
async function openAfterItsEnd(meanwhile: (server: BinanceServer, end: number) => void = () => undefined) {
  const first = await openMarkets();
  const stop = first.start();
  await first.runUntil(() => first.isKept('OLD/USDT'));
  await stop();
  const end = NOW - 2000 + 2 * HOUR;
  first.list('OLD/USDT', { to: end, status: 'BREAK' });
  meanwhile(first.server, end);
  first.clock.advance(5 * HOUR);
  const again = await openTestCollector(first.server, first.clock, {
    markets: 'binance:*/USDT@1m',
    file: first.file,
  });
  again.start();
  await again.runUntil(async () => (await again.coverage('OLD/USDT')).at(-1)?.state === 'delisted');
  return { again, end };
}

describe('markets that come and go', () => {
  it('collects a market that is listed while it runs, without a restart', async () => {
    const { start, runUntil, list, isKept, series } = await openMarkets();
    start();
    await runUntil(() => isKept('BTC/USDT'));
    expect(await series('NEW/USDT')).toBeUndefined();
    list('NEW/USDT', { from: NOW - 5 * MINUTE });
    list('NEW/BTC');
    await runUntil(() => isKept('NEW/USDT'));
    expect(await series('NEW/BTC')).toBeUndefined();
  });

  it('reads one list per exchange and time, however many selectors and series there are', async () => {
    const markets = 'binance:*/USDT@1m binance:BTC/*@1m binance:ETH/USDT@1m';
    const { start, runUntil, runFor, lists, isKept } = await openMarkets({ markets });
    start();
    await runUntil(async () => (await isKept('BTC/USDT')) && (await isKept('OLD/USDT')));
    expect(lists()).toBe(1);
    await runFor(12);
    expect(lists()).toBe(2);
  });

  it('stops asking for a market that two lists do not hold, and says delisted up to now at each look', async () => {
    const { clock, start, runUntil, runFor, server, list, isIn, isKept, coverage, lists } =
      await openMarkets();
    start();
    await runUntil(() => isKept('OLD/USDT'));
    const end = NOW - 2000 + 3 * MINUTE;
    await runUntil(() => clock.now() > end + MINUTE);
    list('OLD/USDT', { to: end, status: 'BREAK' });
    await runUntil(() => lists() >= 2);
    expect(await isIn('OLD/USDT', 'active')()).toBe(true);
    await runUntil(isIn('OLD/USDT', 'delisted'));
    await runUntil(async () => (await coverage('OLD/USDT')).at(-1)?.state === 'delisted');

    const asked = server.klineRequests('OLD/USDT').length;
    const [first] = (await coverage('OLD/USDT')).slice(-1);
    await runFor(25);
    // A look takes as long as it takes, however quickly the clock is moved.
    await runUntil(async () => (await coverage('OLD/USDT')).at(-1)!.to > first!.to + 15 * MINUTE);
    expect(server.klineRequests('OLD/USDT')).toHaveLength(asked);
    const [before, gone, ...rest] = (await coverage('OLD/USDT')).slice(-2);
    expect(rest).toEqual([]);
    expect([before!.state, before!.to]).toEqual(['have', first!.from]);
    expect(gone!.from).toBe(first!.from);
    expect(gone!.to).toBeGreaterThan(first!.to + 15 * MINUTE);
  });

  it('reads what a market still gave after our last candle before it calls the rest delisted', async () => {
    const { again, end } = await openAfterItsEnd();
    const spans = await again.coverage('OLD/USDT');
    expect(spans.at(-1)!.from).toBe(end);
    expect((await again.openTimes('OLD/USDT')).at(-1)).toBe(end - MINUTE);
  });

  it('does not call delisted what it sent of it without being candles: that is missing, and in quarantine', async () => {
    const { again, end } = await openAfterItsEnd((server, atEnd) =>
      server.misbehave(isBetween(atEnd - 5 * MINUTE, atEnd), having('volume', null)),
    );
    expect((await again.coverage('OLD/USDT')).slice(-3)).toMatchObject([
      { state: 'have', to: end - 5 * MINUTE },
      { state: 'missing', to: end },
      { state: 'delisted', from: end },
    ]);
    const rows = await again.reader.query(
      `SELECT reason, count(*) AS rows FROM quarantine JOIN series ON series.id = series_id
       WHERE symbol = 'OLD/USDT' GROUP BY reason`,
    );
    expect(rows).toEqual([{ reason: 'figure_unreadable', rows: 5 }]);
  });

  it('keeps the history of a symbol that is delisted and listed again (freqtrade 7091, ccxt 13790), and the gap as it was', async () => {
    const { clock, start, runUntil, runFor, server, list, isIn, isKept, coverage, openTimes } =
      await openMarkets();
    start();
    await runUntil(() => isKept('OLD/USDT'));
    const end = NOW - 2000 + 2 * MINUTE;
    await runUntil(() => clock.now() > end + MINUTE);
    server.removeMarket('OLD/USDT');
    await runUntil(isIn('OLD/USDT', 'delisted'));
    await runUntil(async () => (await coverage('OLD/USDT')).at(-1)?.state === 'delisted');
    const old = await openTimes('OLD/USDT');

    // It comes back as another coin: the exchange has nothing of the time before any more.
    const back = Math.ceil((clock.now() + 30 * MINUTE) / MINUTE) * MINUTE;
    list('OLD/USDT', { from: back });
    await runUntil(async () => (await openTimes('OLD/USDT')).at(-1)! > back + 5 * MINUTE);
    await runFor(15);
    await runUntil(async () => {
      const since = (await openTimes('OLD/USDT')).slice(old.length);
      return since.length === times(back, since.at(-1)! + MINUTE).length;
    });
    const kept = await openTimes('OLD/USDT');
    expect(kept.slice(0, old.length)).toEqual(old);
    expect(kept.slice(old.length)).toEqual(times(back, kept.at(-1)! + MINUTE));
    const spans = (await coverage('OLD/USDT')).filter(({ from }) => from >= old.at(-1)!);
    expect(spans[0]).toMatchObject({ from: old.at(-1)! + MINUTE, state: 'delisted' });
    expect(spans.at(-1)).toMatchObject({ from: back, state: 'have' });
    // Sooner or later nothing of the time before is asked for any more.
    const asksForOld = async () => {
      const asked = server.klineRequests('OLD/USDT').length;
      await runFor(11);
      const again = server.klineRequests('OLD/USDT').slice(asked);
      return again.some(({ query }) => Number(query['startTime']) < back);
    };
    let looks = 1;
    while (looks < 6 && (await asksForOld())) looks += 1;
    expect(looks).toBeLessThan(6);
  });

  it('fetches what was traded in a time without a process that was longer than the history that is wanted (cryptostore 74)', async () => {
    const { start, runUntil, isKept, clock, file, server } = await openMarkets({
      markets: 'binance:BTC/USDT@1m',
    });
    const stop = start();
    await runUntil(() => isKept('BTC/USDT'));
    await stop();
    clock.advance(3 * HOUR);
    const again = await openTestCollector(server, clock, {
      markets: 'binance:BTC/USDT@1m',
      backfill: '1h',
      file,
    });
    again.start();
    await again.runFor(10);
    // The work takes as long as it takes, however quickly the clock is moved.
    await again.runUntil(async () => (await again.openTimes('BTC/USDT')).length > 4 * 60);
    const whole = (kept: number[]) => kept.length === times(kept[0]!, kept.at(-1)! + MINUTE).length;
    await again.runUntil(async () => whole(await again.openTimes('BTC/USDT')));
    const kept = await again.openTimes('BTC/USDT');
    expect(kept).toEqual(times(kept[0]!, kept.at(-1)! + MINUTE));
  });

  it('takes in what a market was traded for meanwhile, where its list was wrong for three quarters of an hour', async () => {
    const { start, runUntil, runFor, server, isIn, isKept, coverage, openTimes, clock } = await openMarkets();
    const isTraded = (openTime: number) => (openTime / MINUTE) % 7 === 0;
    const sparse = (status: string) =>
      server.setMarket({
        symbol: 'OLD/USDT',
        status,
        get candles() {
          return CANDLES.filter(({ openTime }) => openTime <= clock.now() && isTraded(openTime));
        },
      });
    sparse('TRADING');
    start();
    await runUntil(() => isKept('OLD/USDT'));
    sparse('BREAK');
    await runUntil(isIn('OLD/USDT', 'delisted'));
    await runFor(45);
    expect((await coverage('OLD/USDT')).at(-1)).toMatchObject({ state: 'delisted' });
    sparse('TRADING');
    await runUntil(isIn('OLD/USDT', 'active'));
    await runFor(15);
    await runUntil(async () => (await openTimes('OLD/USDT')).at(-1)! > clock.now() - 10 * MINUTE);
    const kept = await openTimes('OLD/USDT');
    expect(kept).toEqual(times(kept[0]!, kept.at(-1)! + MINUTE).filter(isTraded));
    expect(kept.at(-1)).toBeGreaterThan(clock.now() - 10 * MINUTE);
  });

  it('delists nobody when a list fails, is cut short, or holds nothing that trades', async () => {
    const { clock, start, runUntil, runFor, server, list, isKept, series, openTimes, lists, log } =
      await openMarkets();
    start();
    await runUntil(() => isKept('OLD/USDT'));
    let short = true;
    server.fault = ({ path }) => {
      if (!path.endsWith('/exchangeInfo') || !short) return undefined;
      return lists() % 2 === 0 ? { status: 503, body: '{}' } : { status: 200, body: '{"symbols":[]}' };
    };
    await runFor(25);
    server.fault = undefined;
    for (const symbol of ['ETH/USDT', 'SOL/USDT', 'OLD/USDT']) list(symbol, { status: 'HALT' });
    short = false;
    await runFor(35);
    expect(log.named('collector.markets.too_short').length).toBeGreaterThanOrEqual(2);
    for (const symbol of ['BTC/USDT', 'ETH/USDT', 'SOL/USDT', 'OLD/USDT']) {
      expect((await series(symbol))?.state).toBe('active');
      expect((await openTimes(symbol)).at(-1)).toBeGreaterThan(clock.now() - 5 * MINUTE);
    }
  });

  it('complains of no list that it may not ask for, and reads it when it may', async () => {
    const { start, runUntil, server, log, isKept } = await openMarkets({ guarded: true });
    server.fault = () => rateLimited(600, 418);
    start();
    const failed = () => log.events.filter(({ event }) => event === 'collector.markets.failed');
    await runUntil(() => failed().length >= 2);
    expect(failed().every(({ level }) => level === 'debug')).toBe(true);
    expect(log.events.filter(({ level }) => level === 'warn').map(({ event }) => event)).toEqual(
      log.named('exchange.blocked').map(() => 'exchange.blocked'),
    );
    server.fault = undefined;
    await runUntil(() => isKept('BTC/USDT'));
  });

  it('does not collect a paused series, and goes on when it is taken up again', async () => {
    const { clock, start, runUntil, runFor, writer, server, isKept, openTimes } = await openMarkets();
    start();
    await runUntil(() => isKept('SOL/USDT'));
    await writer.query(`UPDATE series SET state = 'paused' WHERE symbol = 'SOL/USDT'`);
    await runFor(2);
    const asked = server.klineRequests('SOL/USDT').length;
    await runFor(13);
    expect(server.klineRequests('SOL/USDT')).toHaveLength(asked);
    await writer.query(`UPDATE series SET state = 'active' WHERE symbol = 'SOL/USDT'`);
    const now = clock.now();
    await runUntil(async () => (await openTimes('SOL/USDT')).at(-1)! >= now);
  });
});
