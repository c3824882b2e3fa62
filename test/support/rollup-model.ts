import type { Candle } from '../../src/candles/candle.js';
import { canonicalDecimal, compareDecimals } from '../../src/common/decimal.js';
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

/** The exact sum of decimals that are not negative. */
function sum(decimals: readonly string[]): string {
  const digits = String(decimals.reduce((total, decimal) => total + units(decimal), 0n)).padStart(
    PLACES + 1,
    '0',
  );
  return canonicalDecimal(`${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`);
}

/** Every candle of every higher interval that is over, straight from the minutes; sorted as the table is. */
export function modelRollups(candles: readonly Candle[]): ModelRollup[] {
  const minutes = candles.toSorted((a, b) => a.openTime - b.openTime);
  const end = (minutes.at(-1)?.openTime ?? 0) + MINUTE;
  return INTERVALS.filter((interval) => interval !== '1m')
    .toSorted()
    .flatMap((interval) => {
      const buckets = new Map<number, Candle[]>();
      for (const candle of minutes) {
        const [from, to] = bucketOf(interval, candle.openTime);
        if (to > end) continue;
        if (!buckets.has(from)) buckets.set(from, []);
        buckets.get(from)!.push(candle);
      }
      return [...buckets].map(([from, parts]) => ({
        interval,
        open_time: from,
        open: parts[0]!.open,
        high: parts.map(({ high }) => high).reduce((a, b) => (compareDecimals(a, b) < 0 ? b : a)),
        low: parts.map(({ low }) => low).reduce((a, b) => (compareDecimals(a, b) > 0 ? b : a)),
        close: parts.at(-1)!.close,
        volume: sum(parts.map(({ volume }) => volume)),
        minutes: parts.length,
      }));
    });
}
