import { INTERVALS, type Interval } from '../../common/interval.js';

/** TradingView counts minutes of the day, and then `1D`, `1W`, `1M`. */
const RESOLUTIONS: Record<Interval, string> = {
  '1m': '1',
  '3m': '3',
  '5m': '5',
  '15m': '15',
  '30m': '30',
  '1h': '60',
  '2h': '120',
  '4h': '240',
  '6h': '360',
  '8h': '480',
  '12h': '720',
  '1d': '1D',
  '3d': '3D',
  '1w': '1W',
  '1M': '1M',
};

/** Older versions of the charting library leave the one out. */
const ALIASES: Readonly<Record<string, Interval>> = { D: '1d', W: '1w', M: '1M' };

const BY_RESOLUTION: ReadonlyMap<string, Interval> = new Map([
  ...INTERVALS.map((interval) => [RESOLUTIONS[interval], interval] as const),
  ...Object.entries(ALIASES),
]);

/** All that a series can have, shortest first. */
export const ALL_RESOLUTIONS: readonly string[] = INTERVALS.map((interval) => RESOLUTIONS[interval]);

/** The interval in TradingView's notation. */
export function resolutionOf(interval: Interval): string {
  return RESOLUTIONS[interval];
}

/** Whether the resolution is a number of minutes: a part of a day. */
export function isIntraday(resolution: string): boolean {
  return /^\d+$/.test(resolution);
}

/** @example intervalOf('60') // '1h'; undefined where no series has candles of that length */
export function intervalOf(resolution: string): Interval | undefined {
  return BY_RESOLUTION.get(resolution);
}
