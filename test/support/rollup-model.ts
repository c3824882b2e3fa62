import type { Candle } from '../../src/candles/candle.js';
import { canonicalDecimal } from '../../src/common/decimal.js';
import { INTERVALS, type Interval } from '../../src/common/interval.js';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const LENGTHS: Readonly<Record<string, number>> = { m: MINUTE, h: 60 * MINUTE, d: DAY, w: 7 * DAY };
/** More than any figure of a test has. */
const PLACES = 40;

/** A row of the table `rollup`, but for the series. */
export interface ModelRollup {
  readonly interval: string;
  readonly open_time: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly minutes: number;
}

/** Start and end of the candle that holds `time`, by the calendar and not by the program's own arithmetic. */
export function bucketOf(interval: Interval, time: number): [from: number, to: number] {
  const date = new Date(time);
  if (interval === '1M') {
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
    return [Date.UTC(year, month), Date.UTC(year, month + 1)];
  }
  if (interval === '1w') {
    const sinceMonday = (date.getUTCDay() + 6) % 7;
    const from = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() - sinceMonday);
    return [from, from + 7 * DAY];
  }
  const length = Number(interval.slice(0, -1)) * LENGTHS[interval.at(-1)!]!;
  const from = Math.floor(time / length) * length;
  return [from, from + length];
}

const units = (decimal: string) => {
  const [whole, fraction = ''] = decimal.split('.');
  return BigInt(whole! + fraction.padEnd(PLACES, '0'));
};

const decimal = (amount: bigint) => {
  const digits = String(amount).padStart(PLACES + 1, '0');
  return canonicalDecimal(`${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`);
};

/** Every candle of every higher interval that is over, straight from the minutes; sorted as the table is. */
export function modelRollups(
  candles: readonly Candle[],
  intervals: readonly Interval[] = INTERVALS,
): ModelRollup[] {
  const minutes = candles
    .toSorted((a, b) => a.openTime - b.openTime)
    .map(({ openTime, open, high, low, close, volume }) => ({
      openTime,
      open,
      close,
      high: units(high),
      low: units(low),
      volume: units(volume),
    }));
  const end = (minutes.at(-1)?.openTime ?? 0) + MINUTE;
  return intervals
    .filter((interval) => interval !== '1m')
    .toSorted()
    .flatMap((interval) => {
      const rollups: ModelRollup[] = [];
      for (let first = 0, next; first < minutes.length; first = next) {
        const [from, to] = bucketOf(interval, minutes[first]!.openTime);
        let { high, low } = minutes[first]!;
        let volume = 0n;
        for (next = first; next < minutes.length && minutes[next]!.openTime < to; next += 1) {
          const minute = minutes[next]!;
          if (minute.high > high) ({ high } = minute);
          if (minute.low < low) ({ low } = minute);
          volume += minute.volume;
        }
        if (to > end) break;
        rollups.push({
          interval,
          open_time: from,
          open: minutes[first]!.open,
          high: decimal(high),
          low: decimal(low),
          close: minutes[next - 1]!.close,
          volume: decimal(volume),
          minutes: next - first,
        });
      }
      return rollups;
    });
}

/** The same of one interval, as an exchange would give them. */
export function modelCandles(minutes: readonly Candle[], interval: Interval): Candle[] {
  return modelRollups(minutes, [interval]).map(({ open_time: openTime, open, high, low, close, volume }) => ({
    openTime,
    open,
    high,
    low,
    close,
    volume,
  }));
}
