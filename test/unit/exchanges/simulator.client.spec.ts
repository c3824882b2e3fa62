import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candle } from '../../../src/candles/candle.js';
import { compareDecimals } from '../../../src/common/decimal.js';
import { INTERVALS, openTimeAt, stepOpenTime, type Interval } from '../../../src/common/interval.js';
import { SimulatorClient, SIMULATION_START } from '../../../src/exchanges/simulator/simulator.client.js';
import { StoppedClock } from './stopped-clock.js';

const MINUTE = 60_000;
const NOW = Date.UTC(2025, 0, 1);
const SYMBOLS = ['BTC/USDT', 'ETH/USDT', 'SOL/USDT', 'DOGE/USDT', 'BTC/EUR'];

function clientAt(now: number): SimulatorClient {
  return new SimulatorClient(new StoppedClock(now));
}

async function read(
  symbol: string,
  interval: Interval,
  from: number,
  to: number,
  now = NOW,
): Promise<Candle[]> {
  const client = clientAt(now);
  const candles: Candle[] = [];
  for (let at = from; at < to;) {
    const { closed } = await client.fetchCandles({ symbol, interval, from: at, to });
    if (closed.length === 0) break;
    candles.push(...closed);
    at = stepOpenTime(interval, closed.at(-1)!.openTime, 1);
  }
  return candles;
}

/** A decimal as an integer count of 10^-8, exactly. */
function units(decimal: string): bigint {
  const [whole, fraction = ''] = decimal.split('.');
  return BigInt(whole + fraction.padEnd(8, '0'));
}

function aggregate(openTime: number, minutes: readonly Candle[]) {
  const by = (pick: (candle: Candle) => string) => minutes.map(pick).toSorted(compareDecimals);
  return {
    openTime,
    open: minutes[0]!.open,
    high: by((candle) => candle.high).at(-1)!,
    low: by((candle) => candle.low)[0]!,
    close: minutes.at(-1)!.close,
    volume: minutes.reduce((sum, { volume }) => sum + units(volume), 0n),
  };
}

const anyMinute = fc
  .integer({ min: SIMULATION_START / MINUTE, max: NOW / MINUTE - 2000 })
  .map((minute) => minute * MINUTE);
const anySymbol = fc.constantFrom(...SYMBOLS);

describe('SimulatorClient', () => {
  it('trades a handful of markets', async () => {
    const markets = await clientAt(NOW).markets();
    expect(markets.map(({ symbol }) => symbol)).toEqual(SYMBOLS);
  });

  // The values were computed by another process; a change of them rewrites history for everyone who keeps it.
  it('gives the same candles in every process', async () => {
    const from = Date.UTC(2023, 2, 1);
    const digests: Record<string, string> = {};
    for (const symbol of SYMBOLS) {
      const candles = await read(symbol, '1m', from, from + 1440 * MINUTE);
      expect(candles).toHaveLength(1440);
      digests[symbol] = createHash('sha256').update(JSON.stringify(candles)).digest('hex').slice(0, 16);
    }
    expect(digests).toEqual({
      'BTC/USDT': '66b4d5bc7bd82709',
      'ETH/USDT': '6cd096578ab3d0d0',
      'SOL/USDT': 'f2dbd5f53db0114b',
      'DOGE/USDT': '56386358c6be81a6',
      'BTC/EUR': '57e1a570cbdb0d46',
    });
    expect(await read('BTC/USDT', '1m', SIMULATION_START, SIMULATION_START + MINUTE)).toEqual([
      {
        openTime: SIMULATION_START,
        open: '60456.24',
        high: '60456.24',
        low: '60411.31',
        close: '60411.31',
        volume: '3.64508',
      },
    ]);
  });

  it('is continuous: each candle opens where the one before closed, across pages too', async () => {
    await fc.assert(
      fc.asyncProperty(anySymbol, anyMinute, async (symbol, from) => {
        const candles = await read(symbol, '1m', from, from + 1100 * MINUTE);
        expect(candles).toHaveLength(1100);
        for (const [index, candle] of candles.slice(1).entries())
          expect(candle.open).toBe(candles[index]!.close);
      }),
      { numRuns: 20 },
    );
  });

  it('gives one candle alone as it gives it in a page', async () => {
    await fc.assert(
      fc.asyncProperty(
        anySymbol,
        anyMinute,
        fc.integer({ min: 0, max: 999 }),
        async (symbol, from, index) => {
          const page = await read(symbol, '1m', from, from + 1000 * MINUTE);
          const at = from + index * MINUTE;
          expect(await read(symbol, '1m', at, at + MINUTE)).toEqual([page[index]]);
        },
      ),
      { numRuns: 20 },
    );
  });

  it.each(INTERVALS.filter((interval) => interval !== '1M'))(
    'makes %s candles that are exact sums of the minutes',
    async (interval) => {
      const open = openTimeAt(interval, Date.UTC(2024, 1, 27, 7, 31));
      const [candle] = await read('DOGE/USDT', interval, open, open + 1);
      const minutes = await read('DOGE/USDT', '1m', open, stepOpenTime(interval, open, 1));
      expect({ ...candle, volume: units(candle!.volume) }).toEqual(aggregate(open, minutes));
    },
  );

  it('makes months that are exact sums of the days', async () => {
    const [from, to] = [Date.UTC(2024, 1, 1), Date.UTC(2024, 2, 1)];
    const [month] = await read('BTC/USDT', '1M', from, to);
    const days = await read('BTC/USDT', '1d', from, to);
    expect(days).toHaveLength(29);
    expect({ ...month, volume: units(month!.volume) }).toEqual(aggregate(from, days));
  });

  it('lets the forming candle grow into the closed one', async () => {
    const elapsed = fc.uniqueArray(fc.integer({ min: 1, max: 59_999 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(anySymbol, anyMinute, elapsed, async (symbol, openTime, moments) => {
        const request = { symbol, interval: '1m', from: openTime, to: openTime + MINUTE } as const;
        const { closed, forming } = await clientAt(openTime + MINUTE).fetchCandles(request);
        expect(forming).toBeNull();
        const steps = [...moments].toSorted((a, b) => a - b);
        const growing: Candle[] = [];
        for (const ms of steps) {
          const page = await clientAt(openTime + ms).fetchCandles(request);
          expect(page.closed).toEqual([]);
          growing.push(page.forming!);
        }
        growing.push(closed[0]!);
        for (const [index, later] of growing.slice(1).entries()) {
          const earlier = growing[index]!;
          expect(later.open).toBe(earlier.open);
          expect(compareDecimals(later.high, earlier.high)).toBeGreaterThanOrEqual(0);
          expect(compareDecimals(later.low, earlier.low)).toBeLessThanOrEqual(0);
          expect(compareDecimals(later.volume, earlier.volume)).toBeGreaterThanOrEqual(0);
          expect(compareDecimals(later.close, later.high)).toBeLessThanOrEqual(0);
          expect(compareDecimals(later.close, later.low)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('forms an hour from its whole minutes and the unfinished one', async () => {
    const open = Date.UTC(2024, 5, 1, 9);
    const now = open + 17 * MINUTE + 42_000;
    const request = { symbol: 'ETH/USDT', from: open, to: NOW } as const;
    const { forming } = await clientAt(now).fetchCandles({ ...request, interval: '1h' });
    const minutes = await clientAt(now).fetchCandles({ ...request, interval: '1m' });
    expect(minutes.closed).toHaveLength(17);
    expect({ ...forming, volume: units(forming!.volume) }).toEqual(
      aggregate(open, [...minutes.closed, minutes.forming!]),
    );
  });

  it('closes a minute when it ends and not before', async () => {
    const open = Date.UTC(2024, 5, 1);
    const request = { symbol: 'ETH/USDT', interval: '1m', from: open, to: open + 2 * MINUTE } as const;
    expect((await clientAt(open).fetchCandles(request)).forming).toBeNull();
    expect((await clientAt(open + MINUTE - 1).fetchCandles(request)).closed).toHaveLength(0);
    expect((await clientAt(open + MINUTE).fetchCandles(request)).closed).toHaveLength(1);
  });

  it('looks like a market: it moves, it rests, and it stays in sight of its level', async () => {
    const starts = Array.from({ length: 200 }, (_, index) => SIMULATION_START + index * 14 * 1440 * MINUTE);
    for (const symbol of SYMBOLS) {
      const days = (await Promise.all(starts.map((from) => read(symbol, '1d', from, from + 1)))).flat();
      expect(days).toHaveLength(starts.length);
      const moves = days.map(({ open, close }) => Math.abs(Math.log(Number(close) / Number(open))));
      const mean = moves.reduce((sum, move) => sum + move, 0) / moves.length;
      expect(mean).toBeGreaterThan(0.01);
      expect(mean).toBeLessThan(0.06);
      expect(days.every(({ low }) => compareDecimals(low, '0') > 0)).toBe(true);
    }
  });

  it('stops between chunks when the signal aborts', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const pending = clientAt(NOW).fetchCandles({
      symbol: 'BTC/USDT',
      interval: '1M',
      from: SIMULATION_START,
      to: NOW,
      signal: controller.signal,
    });
    setImmediate(() => controller.abort(reason));
    await expect(pending).rejects.toBe(reason);
  });
});
