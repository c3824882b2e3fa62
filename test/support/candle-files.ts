import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Candle } from '../../src/candles/candle.js';
import { canonicalDecimal } from '../../src/common/decimal.js';

const MINUTE = 60_000;

/** One-minute candles, ascending, decimals canonical. */
export interface CandleSet {
  /** Where they come from, for a test's or a bench's output. */
  readonly source: string;
  readonly candles: readonly Candle[];
}

/** 30,240 candles, 21 days from 2023-03-01, no hole: real ones where `CRYPTOFLOW_TEST_DATA` names their folder. */
export function completeCandles(): CandleSet {
  return readSet('btcusdt-1m-2023-03.csv') ?? { source: 'generated, complete', candles: generateComplete() };
}

/** 13,681 candles with 538 holes, 717 minutes in all: real ones where `CRYPTOFLOW_TEST_DATA` names their folder. */
export function gappyCandles(): CandleSet {
  return (
    readSet('unittest-btc-1m-2017-11-gappy.csv') ?? {
      source: 'generated, with holes',
      candles: generateGappy(),
    }
  );
}

/** The same candles, moved in time so that the last one opens at `lastOpenTime` (Unix ms, on a minute). */
export function shiftToEndAt(candles: readonly Candle[], lastOpenTime: number): Candle[] {
  const last = candles.at(-1);
  if (last === undefined) return [];
  const shift = lastOpenTime - last.openTime;
  if (shift % MINUTE !== 0) throw new Error('candles move by whole minutes only');
  return candles.map((candle) => ({ ...candle, openTime: candle.openTime + shift }));
}

/** `count` candles without holes from `from` on, `step` ms apart: a random walk, the same every time. */
export function generateCandles({
  from,
  count,
  seed = 1,
  step = MINUTE,
}: {
  from: number;
  count: number;
  seed?: number;
  step?: number;
}): Candle[] {
  const random = mulberry32(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  let price = 2_314_048;
  return Array.from({ length: count }, (_, index) => {
    const open = price;
    const close = Math.max(100_000, open + below(4001) - 2000);
    price = Math.max(100_000, close + below(201) - 100);
    return {
      openTime: from + index * step,
      open: decimal(open, 2),
      high: decimal(Math.max(open, close) + below(1500), 2),
      low: decimal(Math.min(open, close) - below(1500), 2),
      close: decimal(close, 2),
      // Some so small that a float would print them with an exponent.
      volume: decimal(below(100) === 0 ? 1 + below(99) : 1 + below(900_000_000), 8),
    };
  });
}

function readSet(name: string): CandleSet | undefined {
  const folder = process.env['CRYPTOFLOW_TEST_DATA'];
  if (folder === undefined || folder === '') return undefined;
  const file = join(folder, name);
  if (!existsSync(file)) throw new Error(`CRYPTOFLOW_TEST_DATA names a folder without ${name}`);
  return { source: file, candles: readFileSync(file, 'utf8').trim().split('\n').slice(1).map(parseRow) };
}

function parseRow(row: string): Candle {
  const [openTime, ...figures] = row.trim().split(',');
  const [open, high, low, close, volume] = figures.map(canonicalDecimal);
  return { openTime: Number(openTime), open: open!, high: high!, low: low!, close: close!, volume: volume! };
}

function generateComplete(): Candle[] {
  return generateCandles({ from: Date.UTC(2023, 2, 1), count: 30_240 });
}

function generateGappy(): Candle[] {
  const [candles, holes, missing] = [13_681, 538, 717];
  const random = mulberry32(2);
  const pieces = partition(candles, holes + 1, random);
  const gaps = partition(missing, holes, random);
  const whole = generateCandles({ from: Date.UTC(2017, 10, 4, 23, 2), count: candles + missing, seed: 3 });
  let at = 0;
  return pieces.flatMap((length, index) => {
    const piece = whole.slice(at, at + length);
    at += length + (gaps[index] ?? 0);
    return piece;
  });
}

/** `total` as the sum of `parts` whole numbers of at least one. */
function partition(total: number, parts: number, random: () => number): number[] {
  const sizes = Array.from({ length: parts }, () => 1);
  for (let left = total - parts; left > 0; left -= 1) sizes[Math.floor(random() * parts)]! += 1;
  return sizes;
}

function decimal(units: number, places: number): string {
  return canonicalDecimal(`${units}e-${places}`);
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
