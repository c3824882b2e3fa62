import type { Candle } from '../../candles/candle.js';

/** A candle in whole ticks and lots: sums and comparisons are exact as long as they stay below 2^53. */
export interface TickCandle {
  readonly openTime: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** The candle that covers `earlier` and the one right after it. */
export function joinTicks(earlier: TickCandle, later: TickCandle): TickCandle {
  return {
    openTime: earlier.openTime,
    open: earlier.open,
    high: Math.max(earlier.high, later.high),
    low: Math.min(earlier.low, later.low),
    close: later.close,
    volume: earlier.volume + later.volume,
  };
}

/** `units / 10^decimals` as a canonical decimal. */
export function unitsToDecimal(units: number, decimals: number): string {
  const scale = 10 ** decimals;
  const whole = Math.floor(units / scale);
  const rest = units - whole * scale;
  if (rest === 0) return String(whole);
  return `${whole}.${String(rest).padStart(decimals, '0').replace(/0+$/, '')}`;
}

/** A candle as an exchange would send it. */
export function toCandle(
  ticks: TickCandle,
  { priceDecimals, volumeDecimals }: { priceDecimals: number; volumeDecimals: number },
): Candle {
  return {
    openTime: ticks.openTime,
    open: unitsToDecimal(ticks.open, priceDecimals),
    high: unitsToDecimal(ticks.high, priceDecimals),
    low: unitsToDecimal(ticks.low, priceDecimals),
    close: unitsToDecimal(ticks.close, priceDecimals),
    volume: unitsToDecimal(ticks.volume, volumeDecimals),
  };
}
