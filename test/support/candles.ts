import type { Candle } from '../../src/candles/candle.js';

const MINUTE = 60_000;

/** A candle whose figures follow from its open time, so that any mix-up shows. */
export function candleAt(openTime: number, revision = 0): Candle {
  const n = openTime / MINUTE;
  return {
    openTime,
    open: `${n}.1`,
    high: `${n}.900000000000000000${revision}1`,
    low: `0.0000000000000${n}1`,
    close: `${n}.5`,
    volume: `${revision}.${n}1`,
  };
}

/** Candles of the given minutes since 1970. */
export function minutes(...indices: number[]): Candle[] {
  return indices.map((index) => candleAt(index * MINUTE));
}

/** The numbers from `from` up to but not including `to`. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
