import { anchorOf, type Grid, type Interval } from './interval.js';

/** Shorter ones are the same in the zones that exchanges reckon by, which are whole hours from UTC and mostly eight. */
const CAN_BE_MOVED: ReadonlySet<Interval> = new Set<Interval>(['6h', '8h', '12h', '1d', '3d', '1w', '1M']);
/** One row off the grid is a slip; several that are off by the same are a grid. */
const MIN_ROWS = 2;
/** Zones are quarters of an hour from UTC, in milliseconds: what is off by something else is no grid, but a fault. */
const ZONE_STEP_MS = 900_000;

/**
 * The offset from the interval's own grid that all rows share, in milliseconds, where that is not the grid's: KuCoin's weeks begin on a Thursday
 * (https://github.com/Kucoin/kucoin-api-docs/issues/350), BingX's days at 16:00 UTC
 * (https://github.com/ccxt/ccxt/pull/29395), and OKX's twelve hours with them at 04:00
 * (https://github.com/ccxt/ccxt/pull/15571).
 *
 * @returns undefined when they share none, or are on the grid
 */
export function sharedAnchor(
  grid: Grid,
  rows: ReadonlyArray<{ readonly openTime: unknown }>,
): number | undefined {
  const { interval, anchor: own } = typeof grid === 'object' ? grid : { interval: grid, anchor: 0 };
  if (!CAN_BE_MOVED.has(interval)) return undefined;
  const times = new Set(rows.map(({ openTime }) => openTime).filter((time) => Number.isSafeInteger(time)));
  if (times.size < MIN_ROWS) return undefined;
  const anchors = new Set([...times].map((time) => anchorOf(interval, time as number)));
  const [anchor = own] = anchors;
  const isGrid = anchors.size === 1 && anchor !== own && anchor % ZONE_STEP_MS === 0;
  return isGrid ? anchor : undefined;
}
